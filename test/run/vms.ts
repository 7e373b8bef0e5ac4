// A sweep whose cells have different numbers of VMs, their tasks drawn.

export const VMS_SWEEP = `
name: vms
horizon: 200
analysis: true
system:
  host: { cpus: =m, scheduler: edf }
  servers:
    vm:
      copies: =n
      assignment: =kind
      vcpus:
        v0: { policy: deferrable, period: 10, budget: 3 }
        v1: { policy: =policy, period: =P, budget: 4 }
      tasks:
        generate: { count: =n + 1, utilization: 0.5, period: { choose: [20ms, 40ms] } }
    host: { policy: deferrable, period: 20, budget: 2, tasks: { t: { period: 40, wcet: 3 } } }
tick: 1ms
resolution: 1us
axes:
  n: [2, 0, 1]
  m: [1, 2]
  kind: [global-blind, global-aware]
  policy: [deferrable, polling]
  P: [10, 15]
replicates: 2
seed: 4
`;
