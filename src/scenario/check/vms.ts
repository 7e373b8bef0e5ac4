// The rules on servers with several VCPUs (semantics.md section 11.2), and on who has none.

import * as abi from "../../../assembly/abi.js";
import { ASSIGNMENTS, serverAt, taskAt } from "../../model/fields.js";
import { GUEST_DEFAULT, GUESTS } from "../../model/guests.js";
import { POLICIES, type Policy } from "../../model/policies.js";
import { Checker, listed, type Report } from "./checker.js";

export function checkVms(flat: Float64Array, report: Report): void {
  const servers = flat[abi.IN_HEADER_SERVERS];
  let task = 0;
  for (let number = 0; number < servers; number++) {
    const server = new Checker(flat, serverAt(number), "server", number, report);
    const isVm = server.value(abi.IN_SERVER_VCPUS) > 0;
    if (isVm) checkVm(flat, server, number);
    else if (!server.has(abi.IN_SERVER_VCPUS)) {
      server.unused("assignment", abi.IN_SERVER_ASSIGNMENT, "without vcpus");
      server.unused("separation", abi.IN_SERVER_SEPARATION, "without vcpus");
    }
    const assignment = isVm ? server.value(abi.IN_SERVER_ASSIGNMENT) : abi.ABSENT;
    for (const end = task + server.value(abi.IN_SERVER_TASKS); task < end; task++)
      checkPlace(new Checker(flat, taskAt(servers, task), "task", task, report), isVm, assignment);
  }
}

/** Where a task of the VM runs, and its priority at the host. */
function checkPlace(task: Checker, isVm: boolean, assignment: number): void {
  if (Number.isNaN(assignment)) return;
  const isPartitioned = isVm && assignment === abi.ASSIGNMENT_PARTITIONED;
  if (!isPartitioned) task.unused("vcpu", abi.IN_TASK_VCPU, "unless the assignment is partitioned");
  else if (task.has(abi.IN_TASK_PARTS)) task.unused("vcpu", abi.IN_TASK_VCPU, "beside parts");
  else task.required("vcpu", abi.IN_TASK_VCPU, "a partitioned assignment needs it, or parts");
  if (assignment === abi.ASSIGNMENT_GLOBAL_AWARE)
    task.unused("host_priority", abi.IN_TASK_HOST_PRIORITY, "under global-aware, where the host is picked first");
}

function checkVm(flat: Float64Array, vm: Checker, first: number): void {
  vm.required("assignment", abi.IN_SERVER_ASSIGNMENT, `one of ${ASSIGNMENTS.join(", ")}`);
  checkSeparation(vm);
  if (vm.value(abi.IN_SERVER_ASSIGNMENT) !== abi.ASSIGNMENT_GLOBAL_AWARE) return;
  const policies: (Policy | undefined)[] = [];
  for (let number = first; number < first + vm.value(abi.IN_SERVER_VCPUS); number++)
    policies.push(POLICIES[flat[serverAt(number) + abi.IN_SERVER_POLICY]]);
  const refused = [...new Set(policies)].filter((policy) => policy !== undefined && SELF_TIMED.includes(policy));
  if (refused.length > 0)
    vm.say("assignment", () => `global-aware does not go with VCPUs that are ${listed(refused as Policy[], "and")}`);
  const isMixed = policies.includes("idling") && policies.some((policy) => policy !== undefined && policy !== "idling");
  if (isMixed) vm.say("assignment", () => "global-aware does not go with idling VCPUs beside others");
}

/** Their budgets follow when they wake up, which under global-aware no VCPU does by itself. */
const SELF_TIMED: readonly Policy[] = ["sporadic", "cbs", "cbs-soft"];

function checkSeparation(vm: Checker): void {
  if (vm.value(abi.IN_SERVER_SEPARATION) !== abi.SEPARATION_US) return;
  const assignment = vm.value(abi.IN_SERVER_ASSIGNMENT);
  if (assignment === abi.ASSIGNMENT_PARTITIONED)
    vm.say("separation", () => "us does not go with a partitioned assignment, but with a global one");
  const id = vm.value(abi.IN_SERVER_SCHEDULER);
  if (Number.isNaN(id)) return;
  const scheduler = id === abi.ABSENT ? GUEST_DEFAULT : GUESTS[id];
  const isExplicit = vm.value(abi.IN_SERVER_PRIORITIES) === abi.PRIORITIES_EXPLICIT;
  if (scheduler === "fifo" || (scheduler === "fp" && isExplicit))
    vm.say(
      "separation",
      () =>
        `us goes with edf, and with fp whose priorities are rm or dm, not with ${scheduler === "fp" ? "explicit ones" : scheduler}`,
    );
}
