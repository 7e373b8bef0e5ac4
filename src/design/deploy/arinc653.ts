// ARINC 653: a cyclic table of windows in which each partition gets its budget in each of its periods.

import { WINDOWS_MAX } from "../../../assembly/abi.js";
import type { BudgetedServer, Server, System, Window } from "../../model/system.js";
import { BEYOND, leastCommonMultiple } from "../../numbers/integers.js";
import {
  type Mechanism,
  machineOf,
  onEachCpu,
  type Pins,
  reservations,
  type Settings,
  settingsHold,
} from "./deployment.js";
import { commentText, cpuText } from "./names.js";
import { DoesNotFit } from "./units.js";

export const arinc653: Mechanism = { title: "ARINC 653 windows (as an XtratuM plan)", unit: "us", settingsOf };

function settingsOf(system: System, pins?: Pins): Settings {
  const { reserved } = reservations(system);
  const names = [...new Set(reserved.map((server) => machineOf(server).name))];
  const { settings, warnings } = onEachCpu(system, pins, (part, cpu) => planOf(part, names, cpu));
  return {
    settings: [
      ...reserved.map((server) => {
        const { name, vcpu } = machineOf(server);
        const which = server.vm === undefined ? "" : `, virtual CPU ${vcpu}`;
        const on = `${which}${cpuText(pins?.get(server.name))}`;
        return `<!-- partition ${names.indexOf(name)}: ${commentText(name)}${on} -->`;
      }),
      ...settings,
    ],
    warnings,
  };
}

/** The plan of one CPU; partitions are numbered over all. */
function planOf(system: System, names: readonly string[], cpu: number | undefined): Settings {
  const { reserved, warnings } = reservations(system);
  const { frame, windows } = windowTable(reserved);
  warnings.push(...settingsHold(tableSystem(system, reserved, frame, windows), "the table"));
  const slots = windows.map(({ server, start, duration }, id) => {
    const { name, vcpu } = machineOf(reserved[server]);
    const of = `partitionId="${names.indexOf(name)}"${reserved[server].vm === undefined ? "" : ` vCpuId="${vcpu}"`}`;
    return `  <Slot id="${id}" start="${start}us" duration="${duration}us" ${of}/>`;
  });
  const plan = [`<Plan id="0" majorFrame="${frame}us">`, ...slots, "</Plan>"];
  if (cpu === undefined) return { settings: plan, warnings };
  const ofCpu = [`<Processor id="${cpu}">`, ...plan.map((line) => `  ${line}`), "</Processor>"];
  return { settings: ofCpu, warnings };
}

/**
 * The windows of one major frame, the hyperperiod: the servers as periodic tasks, all released at 0, under EDF, which
 * fits them in whenever their bandwidth is at most 1 [Liu & Layland, JACM 1973].
 * @throws DoesNotFit where the frame or the number of windows is too large, or the CPU too small
 */
export function windowTable(servers: readonly BudgetedServer[]): { frame: number; windows: Window[] } {
  const frame = servers.reduce((length, { period }) => leastCommonMultiple(length, period), 1);
  const jobs = servers.reduce((sum, { period }) => sum + frame / period, 0);
  if (frame === BEYOND || jobs > WINDOWS_MAX) {
    throw new DoesNotFit(
      `a major frame would be ${frame === BEYOND ? "beyond 2^53 us" : `${frame} us`} long, with more than ${WINDOWS_MAX} windows: choose periods that divide each other`,
    );
  }
  const windows: Window[] = [];
  const left = servers.map(({ budget }) => budget);
  const releases = servers.map(() => 0);
  let now = 0;
  while (now < frame) {
    const next = servers.reduce((least, { period }, i) => Math.min(least, releases[i] + period), frame);
    const running = earliest(servers, releases, left);
    const until = running < 0 ? next : Math.min(next, now + left[running]);
    if (running >= 0) {
      append(windows, running, now, until);
      left[running] -= until - now;
    }
    now = until;
    for (const [i, { name, period, budget }] of servers.entries()) {
      if (releases[i] + period > now) continue;
      if (left[i] > 0) throw new DoesNotFit(`${name} does not get its budget: the servers need more than the CPU`);
      releases[i] += period;
      left[i] = budget;
    }
  }
  return { frame, windows };
}

/** The server with work left and the earliest deadline, the first of equals; -1 if all are done. */
function earliest(servers: readonly BudgetedServer[], releases: readonly number[], left: readonly number[]): number {
  let found = -1;
  for (const [i, { period }] of servers.entries()) {
    if (left[i] === 0) continue;
    if (found < 0 || releases[i] + period < releases[found] + servers[found].period) found = i;
  }
  return found;
}

/** Adds a window, or lengthens the one before it. */
function append(windows: Window[], server: number, start: number, end: number): void {
  const last = windows.at(-1);
  if (last !== undefined && last.server === server && last.start + last.duration === start) {
    windows[windows.length - 1] = { ...last, duration: end - last.start };
  } else windows.push({ server, start, duration: end - start });
}

/** The system as the table runs it. */
function tableSystem(system: System, reserved: readonly BudgetedServer[], frame: number, windows: Window[]): System {
  const partition = (server: BudgetedServer): Server => ({
    ...server,
    policy: "dedicated",
    period: null,
    budget: null,
    offset: null,
    periodMax: null,
    budgetMin: null,
    maxReplenishments: null,
  });
  const host = { ...system.host, scheduler: "table", frame, windows } as const;
  return { ...system, host, servers: reserved.map(partition) };
}
