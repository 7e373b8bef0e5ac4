// A table of windows for each CPU (semantics.md section 11.3): in a window its VCPU has that CPU, pending or not.

import { CPUS_MAX, IN_HEADER_FRAME, POLICY_DEDICATED } from "../abi";
import { field, header } from "../input";
import { machine, serverAt } from "../records";
import { Instant, NEVER } from "../time";
import { cpuOf, endOf, serverOf, startOf, windowAt } from "../windows";
import { cpuAt, many, serverPlace } from "./state";

/** The windows of one CPU, which follow each other, and where in them it is. */
@unmanaged
class Row {
  first: i32;
  count: i32;
  index: i32; // the present window, or the next one
  inWindow: i32;
  frameStart: Instant;
  edge: Instant; // the next one
}

const rows = memory.data(CPUS_MAX * offsetof<Row>(), 64);

function rowOf(cpu: i32): Row {
  return changetype<Row>(rows + <usize>cpu * offsetof<Row>());
}

/** Before the first instant: finds the windows of each CPU, in the order of CPUs and starts. */
export function start(windows: i32): void {
  memory.fill(rows, 0, CPUS_MAX * offsetof<Row>());
  for (let place = 0; place < windows; place++) {
    const cpu = cpuOf(windowAt(place));
    assert(<u32>cpu < <u32>many.cpuCount, "the CPU of a window");
    if (rowOf(cpu).count++ == 0) rowOf(cpu).first = place;
  }
  for (let cpu = 0; cpu < many.cpuCount; cpu++) if (rowOf(cpu).count == 0) rowOf(cpu).edge = NEVER;
  for (let left = many.top; left != 0; left &= left - 1) {
    assert(serverAt(<i32>ctz(left)).policy == POLICY_DEDICATED, "a table has dedicated servers");
  }
  machine.hostAt = 0;
}

/** Steps over the edges at now. Returns the CPUs that change hands, or may. */
export function step(now: Instant): u64 {
  let changed: u64 = 0;
  let next = NEVER;
  for (let cpu = 0; cpu < many.cpuCount; cpu++) {
    const row = rowOf(cpu);
    if (row.edge == now) {
      stepOver(cpu, row, now);
      changed |= (<u64>1) << cpu;
    }
    next = min(next, row.edge);
  }
  machine.hostAt = next;
  return changed;
}

function stepOver(cpu: i32, row: Row, now: Instant): void {
  const frame = field(header(), IN_HEADER_FRAME);
  if (row.inWindow && ++row.index == row.count) {
    row.index = 0;
    row.frameStart += frame;
  }
  const window = windowAt(row.first + row.index);
  const start = row.frameStart + startOf(window);
  row.inWindow = start == now ? 1 : 0;
  row.edge = row.inWindow ? row.frameStart + endOf(window) : start;
  cpuAt(cpu).next = row.inWindow ? serverAt(serverPlace(serverOf(window))).bit : 0;
}
