// The end of a warm-up on several CPUs: what only they count, see ../warmup.ts.

import { machine, serverAt, Task } from "../records";
import { Instant } from "../time";
import { openSupply } from "../warmup";
import { cpuAt, many, placeOf, vcpuAt, vmAt } from "./state";

/** CPUs, VCPUs and VMs count from now on. All that runs has paid. */
export function forget(now: Instant): void {
  for (let number = 0; number < many.cpuCount; number++) {
    const cpu = cpuAt(number);
    cpu.busy = 0;
    cpu.switches = 0;
    cpu.gotAt = now; // of one that is idle it says nothing
  }
  for (let place = 0; place < machine.serverCount; place++) vcpuAt(place).migrations = 0;
  for (let left = many.running; left != 0; left &= left - 1) openSupply(serverAt(<i32>ctz(left)), now);
  for (let i = 0; i < many.vmCount; i++) {
    vmAt(i).blackoutMax = 0;
    vmAt(i).lostAt = now; // of one that runs it says nothing
  }
}

/** What the head job of a task had until now does not count. */
export function forgetTask(task: Task): void {
  placeOf(task).migrations = 0;
}
