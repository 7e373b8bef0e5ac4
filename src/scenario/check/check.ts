// The rules of semantics.md section 2 on a scenario in its flat form. Both ways into the simulator, a scenario in JSON
// and a cell of a sweep, end here; each says in its own words where a field stands and how a time is written.

import * as abi from "../../../assembly/abi.js";
import { serverAt } from "../../model/fields.js";
import type { Report } from "./checker.js";
import { checkHost } from "./host.js";
import { checkRun, jobsOf } from "./run.js";
import { checkServer } from "./server.js";
import { checkSeveral, saysSeveral } from "./several.js";
import { checkTask } from "./task.js";
import { checkTogether } from "./together.js";
import { ownWindows } from "./windows.js";

/**
 * What a scenario is for. The analysis answers also for a task whose jobs may be released after their deadline (its
 * verdict is false); the simulation refuses it. Everything else is the same for both.
 */
export type Purpose = "simulation" | "analysis";

/**
 * Rules that can be looked at by themselves: on a task, which read its record, its jobs, and of its server `priorities` and
 * `clock`; on a server, which read its record, the host's and the windows'; on the run, which read its record, the host's and
 * the windows'; on all servers together, which read their records, the run's and the host's; or on several CPUs, VCPUs, trees and
 * chains, which read everything.
 */
export interface Part {
  readonly reads: "task" | "server" | "run" | "servers" | "all";
  /** Number of the server; -1 for the rules on the run or on several servers. */
  readonly server: number;
  /** Number across all servers; -1 but for the rules on a task. */
  readonly task: number;
  check(flat: Float64Array, report: Report): void;
}

/** Reports every rule that the flat scenario breaks. A field of value NaN was refused before and is not mentioned again. */
export function checkScenario(flat: Float64Array, report: Report, purpose: Purpose = "simulation"): void {
  for (const part of partsOf(flat, purpose)) part.check(flat, report);
}

/**
 * All rules, for flat scenarios with as many servers, tasks and windows as this one.
 * @param several whether one of them says something of section 11
 */
export function partsOf(
  flat: Float64Array,
  purpose: Purpose = "simulation",
  several: boolean = saysSeveral(flat),
): Part[] {
  const parts: Part[] = [{ reads: "run", server: -1, task: -1, check: checkRunAndHost }];
  const serverCount = flat[abi.IN_HEADER_SERVERS];
  let task = 0;
  let window = Math.max(0, flat[abi.IN_HEADER_WINDOWS]);
  let job = 0;
  for (let server = 0; server < serverCount; server++) {
    const first = window;
    window += ownWindows(flat, server);
    parts.push({
      reads: "server",
      server,
      task: -1,
      check: (scenario, report) => checkServer(scenario, server, first, report),
    });
    for (const end = task + flat[serverAt(server) + abi.IN_SERVER_TASKS]; task < end; task++) {
      const index = task;
      const firstJob = job;
      job += jobsOf(flat, task);
      const isSimulated = purpose === "simulation";
      parts.push({
        reads: "task",
        server,
        task,
        check: (scenario, report) => checkTask(scenario, server, index, firstJob, isSimulated, report),
      });
    }
  }
  parts.push({ reads: "servers", server: -1, task: -1, check: checkTogether });
  if (several) parts.push({ reads: "all", server: -1, task: -1, check: checkSeveral });
  return parts;
}

function checkRunAndHost(flat: Float64Array, report: Report): void {
  checkRun(flat, report);
  checkHost(flat, report);
}
