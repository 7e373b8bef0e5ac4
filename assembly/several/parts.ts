// Semi-partitioned tasks: a job is served on one VCPU after the other (semantics.md section 11.6). Kato & Yamasaki, RTAS 2009
// (fp-pm); Kato, Yamasaki & Ishikawa, ECRTS 2009 (edf-wm). The task stands with the VCPU of the current part of its head job.

import {
  GUEST_EDF,
  IN_PART_BUDGET,
  IN_PART_DEADLINE,
  IN_PART_SIZE,
  IN_PART_VCPU,
  IN_TASK_PARTS,
  TASKS_MAX,
} from "../abi";
import { field, fieldOr, ofTasks, partInput, taskInput } from "../input";
import * as readiness from "../readiness";
import { machine, Server, serverAt, Task, taskAt } from "../records";
import { Duration, Instant, UNLIMITED } from "../time";
import { many, placeOf, serverPlace } from "./state";

/** The tasks that have parts. */
const divided = memory.data(TASKS_MAX * 4, 64);
let count: i32 = 0;

/** A number of the current part, or of another one of the task. */
function ofPart(task: Task, part: i32, slot: i32): i64 {
  return fieldOr(placeOf(task).parts + <usize>(part * IN_PART_SIZE) * 8, slot, 0);
}

/** Number of the VCPU that the first part of the task at `input` is on. */
export function firstVcpu(number: i32): i32 {
  return <i32>field(partInput(ofTasks(IN_TASK_PARTS, number)), IN_PART_VCPU);
}

/** Once all tasks are loaded. */
export function start(): void {
  count = 0;
  for (let i = 0; i < machine.taskCount; i++) {
    const task = taskAt(i);
    const place = placeOf(task);
    place.partCount = <i32>fieldOr(taskInput(task.number), IN_TASK_PARTS, 0);
    place.partEndedAt = -1;
    place.relative = task.deadline;
    if (place.partCount == 0) continue;
    place.parts = partInput(ofTasks(IN_TASK_PARTS, task.number));
    place.partOf = -1;
    store<u32>(divided + ((<usize>count) << 2), <u32>changetype<usize>(task));
    count++;
    go(task, 0);
  }
  many.hasParts = count > 0 ? 1 : 0;
}

/** The head job of the task goes on with that part. */
function go(task: Task, part: i32): void {
  const place = placeOf(task);
  const server = serverAt(serverPlace(<i32>ofPart(task, part, IN_PART_VCPU)));
  readiness.setReady(task, false);
  task.server = changetype<usize>(server);
  place.part = part;
  place.partLeft = part == place.partCount - 1 ? UNLIMITED : ofPart(task, part, IN_PART_BUDGET);
  if (server.guest == GUEST_EDF) place.relative = ofPart(task, part, IN_PART_DEADLINE);
}

/** Phase A: the job ran for so long. @inline */
export function use(task: Task, used: Duration): void {
  if (many.hasParts) placeOf(task).partLeft -= used;
}

/** When the current part is used up, if the job runs from now on. @inline */
export function endOf(task: Task, now: Instant): Instant {
  const place = placeOf(task);
  return place.partCount == 0 ? UNLIMITED : now + place.partLeft;
}

/** Phase B: a job with work left has used its part up; the next one opens now, or with guest edf at the part's deadline. */
export function finish(task: Task, now: Instant): bool {
  const place = placeOf(task);
  if (place.partCount == 0 || place.partLeft != 0) return false;
  const isByDeadline = changetype<Server>(task.server).guest == GUEST_EDF;
  const opensAt = isByDeadline ? task.headArrival + place.relative : now;
  place.partEndedAt = now;
  go(task, place.part + 1);
  readiness.openAt(task, max(now, opensAt));
  return true;
}

/** Phase E, once jobs have come and gone: a new head job begins with the first part. */
export function begin(): void {
  for (let i = 0; i < count; i++) {
    const task = changetype<Task>(<usize>load<u32>(divided + ((<usize>i) << 2)));
    const place = placeOf(task);
    if (task.pendingCount == 0 || place.partOf == task.headNumber) continue;
    go(task, 0);
    place.partOf = task.headNumber;
    readiness.openAt(task, 0);
  }
}
