// What a scenario says of several CPUs, VCPUs, servers in servers, parts and chains, as the analysis takes it.

import * as abi from "../../assembly/abi.js";
import { ASSIGNMENTS, partAt, serverAt, taskAt, windowAt } from "../model/fields.js";
import type { Several, SeveralServer, SeveralTask } from "../model/system.js";
import { affinityOf } from "./affinity.js";
import { countsOf, type Scenario, type ServerNames } from "./scenario.js";

/** @param scenario accepted by checkScenario */
export function severalOf(scenario: Scenario): Several {
  const { flat, names } = scenario;
  const tables = Math.max(0, flat[abi.IN_HEADER_WINDOWS]);
  const cpus = flat[abi.IN_HEADER_CPUS];
  return {
    cpus: cpus === abi.ABSENT ? null : cpus,
    hostMigration: given(flat[abi.IN_HEADER_HOST_MIGRATION], 0),
    guestMigration: given(flat[abi.IN_HEADER_GUEST_MIGRATION], 0),
    servers: names.map((_, number) => serverOf(flat, names, number)),
    tasks: tasksOf(scenario),
    windowCpus: Array.from({ length: tables }, (_, i) => {
      const at = windowAt(names.length, flat[abi.IN_HEADER_TASKS], i);
      return { server: flat[at + abi.IN_WINDOW_SERVER], cpu: given(flat[at + abi.IN_WINDOW_CPU], 0) };
    }),
  };
}

function given(value: number, otherwise: number): number {
  return value === abi.ABSENT ? otherwise : value;
}

function serverOf(flat: Float64Array, names: readonly ServerNames[], number: number): SeveralServer {
  const { parent, vcpu, holdsServers = false } = names[number];
  let vm = number;
  while (names[vm].vcpu?.count === 0) vm--;
  const first = serverAt(vm);
  const assignment = flat[first + abi.IN_SERVER_ASSIGNMENT];
  const all = Array.from({ length: given(flat[abi.IN_HEADER_CPUS], 1) }, (_, cpu) => cpu);
  return {
    isInTree: parent !== undefined || holdsServers,
    isTop: parent === undefined,
    vm: vcpu === undefined ? null : vm,
    vcpus: vcpu?.count ?? 0,
    assignment: assignment === abi.ABSENT ? null : ASSIGNMENTS[assignment],
    separation: flat[first + abi.IN_SERVER_SEPARATION] === abi.SEPARATION_US,
    cpus: affinityOf(flat, serverAt(number)) ?? all,
  };
}

function tasksOf({ flat, names }: Scenario): SeveralTask[] {
  const counts = countsOf(flat);
  const total = (list: readonly (number | undefined)[]) => list.reduce((sum: number, own) => sum + (own ?? 0), 0);
  const windows = total([counts.table, ...counts.servers]);
  const observed = total(counts.observed ?? []);
  let part = 0;
  const owners = names.flatMap(({ tasks }, server) => tasks.map(() => server));
  return owners.map((server, number) => {
    const at = taskAt(names.length, number);
    const own = (slot: number) => (flat[at + slot] === abi.ABSENT ? null : flat[at + slot]);
    const parts = Array.from({ length: counts.parts?.[number] ?? 0 }, () => {
      const place = partAt(names.length, owners.length, windows, total(counts.jobs), observed, part++);
      return flat[place + abi.IN_PART_VCPU];
    });
    const wcet = flat[at + abi.IN_TASK_WCET];
    return {
      server,
      vcpu: own(abi.IN_TASK_VCPU),
      hasParts: parts.length > 0,
      parts,
      after: own(abi.IN_TASK_AFTER),
      delay: given(flat[at + abi.IN_TASK_DELAY], 0),
      isDeferred: own(abi.IN_TASK_DEFER_WHILE) !== null,
      isBoosted: own(abi.IN_TASK_HOST_PRIORITY) !== null,
      wcet,
      bcet: given(flat[at + abi.IN_TASK_BCET], wcet),
      deadline: own(abi.IN_TASK_DEADLINE) ?? periodOf(flat, names.length, number),
    };
  });
}

/** The period of the first task of its chain, if that has one. */
function periodOf(flat: Float64Array, servers: number, task: number): number | null {
  const at = taskAt(servers, task);
  const before = flat[at + abi.IN_TASK_AFTER];
  if (before !== abi.ABSENT) return periodOf(flat, servers, before);
  return flat[at + abi.IN_TASK_PERIOD] === abi.ABSENT ? null : flat[at + abi.IN_TASK_PERIOD];
}
