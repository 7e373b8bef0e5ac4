// The sweep that `replenish init` writes: small, and every line explained.

export const STARTER = `# yaml-language-server: $schema=SCHEMA
# A sweep: one simulation for every combination of the axes. Next: replenish check FILE, then replenish run FILE

name: mine # of the results: they go to results/mine
horizon: 10s # length of every simulation; or { hyperperiods: 20, at_most: 100s }
stop: horizon # or first-miss: a simulation then ends at the first missed deadline
analysis: true # the tables get the bounds of the schedulability analysis beside what was simulated

system: # what is simulated
  host: # the physical CPU
    scheduler: fp # fixed priorities; or edf, table, sedf, credit (replenish help policies)
    host_switch: 20us # what a switch between servers costs
  servers: # the virtual machines; without a "priority" the first one is the highest, whatever its period
    control: # the name of a virtual machine
      policy: =policy # "=" starts an expression over the axes
      period: =P # the budget is there anew every period
      budget: =P * U # CPU time a period
      tasks: # what runs inside, by rate-monotonic priorities: the shorter the period the higher
        loop: { period: 10ms, wcet: 1.5ms } # wcet: worst-case execution time; the deadline is the period
        log: { period: 100ms, wcet: 8ms, bcet: 2ms } # each job takes 2 to 8 ms, drawn by the seed
    video: # another virtual machine, the same in every cell
      policy: deferrable # keeps its budget while no task is ready; replenish help policies has the others
      period: 20ms # durations: ns, us, ms, s
      budget: 6ms # at most the period
      tasks: # as many as there are
        decode: { period: 40ms, wcet: 8ms, deadline: 35ms } # a deadline of its own

axes: # the grid, in this order; the last varies fastest. Every name becomes a column of the tables
  policy: [deferrable, polling] # a list
  P: [2ms, 5ms, 10ms, 20ms] # durations keep their unit
  U: { from: 0.2, to: 0.5, step: 0.05 } # a range; also { from, to, count }, and scale: log
where: P * U >= 0.5ms # a condition that every cell fulfils, or a list of them

replicates: 2 # simulations of every cell, each with draws of its own
phases: random # every replicate but the first draws the offsets of servers and tasks
seed: 1 # of all draws: the same sweep gives the same bytes
`;
