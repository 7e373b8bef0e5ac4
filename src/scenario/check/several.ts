// The rules on several CPUs, VCPUs, servers in servers, parts and chains (semantics.md section 11.2). A scenario that says
// nothing of them is not looked at.

import * as abi from "../../../assembly/abi.js";
import { HOST_FIELDS, SERVER_FIELDS, serverAt, slotsWithin, TASK_FIELDS, taskAt } from "../../model/fields.js";
import { HOST_DEFAULT, HOSTS } from "../../model/hosts.js";
import { POLICIES, type Policy } from "../../model/policies.js";
import { checkAffinities } from "./affinities.js";
import { checkChains } from "./chains.js";
import { Checker, type Report } from "./checker.js";
import { checkParts } from "./parts.js";
import { checkVms } from "./vms.js";

/** Whether a scenario says anything of section 11. */
export function saysSeveral(flat: Float64Array): boolean {
  if (flat[abi.IN_HEADER_CPUS] !== abi.ABSENT) return true;
  const servers = flat[abi.IN_HEADER_SERVERS];
  for (let server = 0; server < servers; server++)
    for (let slot = abi.IN_SERVER_FEATURES_END; slot < abi.IN_SERVER_SIZE; slot++)
      if (flat[serverAt(server) + slot] !== abi.ABSENT) return true;
  for (let task = 0; task < flat[abi.IN_HEADER_TASKS]; task++)
    for (let slot = abi.IN_TASK_VCPU; slot < abi.IN_TASK_WINDOW; slot++)
      if (flat[taskAt(servers, task) + slot] !== abi.ABSENT) return true;
  return false;
}

/** Whether there are several CPUs, VCPUs, or servers in servers: then little of section 10 goes with it. */
export function isSeveral(flat: Float64Array): boolean {
  if (flat[abi.IN_HEADER_CPUS] > 1) return true;
  for (let server = 0; server < flat[abi.IN_HEADER_SERVERS]; server++) {
    const at = serverAt(server);
    if (flat[at + abi.IN_SERVER_VCPUS] !== abi.ABSENT || flat[at + abi.IN_SERVER_PARENT] !== abi.ABSENT) return true;
  }
  return false;
}

export function checkSeveral(flat: Float64Array, report: Report): void {
  if (isSeveral(flat)) checkBeside(flat, report);
  checkAffinities(flat, report);
  checkVms(flat, report);
  checkParts(flat, report);
  checkChains(flat, report);
}

const WHY = "beside several CPUs, vcpus or servers in servers";

/** What of section 10 goes with them. */
const SERVER_FEATURES: readonly string[] = ["enforce_every", "enforce_phase", "overrun", "deadline", "extratime"];

const ONE_CPU_SERVER = SERVER_FIELDS.filter(
  ({ name, slot }) =>
    slot >= abi.IN_SERVER_FEATURES && slot < abi.IN_SERVER_FEATURES_END && !SERVER_FEATURES.includes(name),
);
const ONE_CPU_HOST = HOST_FIELDS.filter(({ slot }) => slot >= abi.IN_HEADER_RELEASE_COST && slot < abi.IN_HEADER_CPUS);
const ONE_CPU_TASK = ["jobs", "think", "think_max"].map((name) => ({
  name,
  slot: name === "jobs" ? abi.IN_TASK_JOBS : slotsWithin(TASK_FIELDS, name)[0],
}));
const ONE_CPU_POLICIES: readonly Policy[] = ["recorded", "fair", "sporadic-posix", "tbs", "cus", "sedf", "credit"];

/** Little of section 10 goes with several CPUs. */
function checkBeside(flat: Float64Array, report: Report): void {
  const host = new Checker(flat, 0, "host", 0, report);
  for (const { name, slot } of ONE_CPU_HOST) host.unused(name, slot, WHY);
  const id = host.value(abi.IN_HEADER_HOST_SCHEDULER);
  const scheduler = id === abi.ABSENT ? HOST_DEFAULT : HOSTS[id];
  if (scheduler === "sedf" || scheduler === "credit") host.say("scheduler", () => `${scheduler} does not go ${WHY}`);
  const servers = flat[abi.IN_HEADER_SERVERS];
  for (let number = 0; number < servers; number++) {
    const server = new Checker(flat, serverAt(number), "server", number, report);
    for (const { name, slot } of ONE_CPU_SERVER) server.unused(name, slot, WHY);
    server.unused("deadline", abi.IN_SERVER_DEADLINE_GUEST, `as guest ${WHY}`);
    const policy = POLICIES[server.value(abi.IN_SERVER_POLICY)];
    if (ONE_CPU_POLICIES.includes(policy)) server.say("policy", () => `${policy} does not go ${WHY}`);
  }
  for (let number = 0; number < flat[abi.IN_HEADER_TASKS]; number++) {
    const task = new Checker(flat, taskAt(servers, number), "task", number, report);
    for (const { name, slot } of ONE_CPU_TASK) task.unused(name, slot, WHY);
    if (task.value(abi.IN_TASK_ON_MISS) === abi.ON_MISS_SHIFT) task.say("on_miss", () => `shift does not go ${WHY}`);
  }
}
