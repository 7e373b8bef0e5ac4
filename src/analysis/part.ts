// Some servers of a system with several CPUs, as a system of one CPU (analysis.md section 9).

import type { Server, Several, System, Task } from "../model/system.js";
import { withHeavyFirst } from "./global.js";

/** What a VM says that is no field of a server alone. */
export const OF_VM = ["assignment", "separation"];

/** Whether the VM of a server chooses between several VCPUs for each job. */
export function isGlobal({ servers }: Several, server: number): boolean {
  const { vm } = servers[server];
  return vm !== null && servers[vm].vcpus > 1 && servers[vm].assignment !== "partitioned";
}

/** The numbers of the tasks that can run on a VCPU; none of a global VM, whose tasks are looked at together. */
export function tasksOf(several: Several, server: number): number[] {
  const { vm } = several.servers[server];
  const owner = vm ?? server;
  if (isGlobal(several, server)) return [];
  const isOnly = vm === null || several.servers[vm].vcpus === 1;
  return [...several.tasks.keys()].filter((number) => {
    const task = several.tasks[number];
    return task.server === owner && (isOnly || task.vcpu === server || task.parts.includes(server));
  });
}

/**
 * Some servers, as a system of one CPU.
 * @param members their numbers, ascending
 * @param guests the tasks of each of them
 */
export function partOf(
  { horizon, host, servers }: System,
  several: Several,
  members: readonly number[],
  guests: readonly (readonly Task[])[],
): System {
  const { more: _, windows, ...plain } = host;
  const more = without(host.more, ["cpus", "host_migration", "guest_migration"]);
  const own = windows
    ?.filter(({ server }) => members.includes(server))
    .map((window) => ({ ...window, server: members.indexOf(window.server) }));
  return {
    horizon,
    host: { ...plain, ...(own === undefined ? {} : { windows: own }), ...(more === undefined ? {} : { more }) },
    servers: members.map((number, place) => {
      const { vm } = several.servers[number];
      const { scheduler, priorities } = servers[vm ?? number];
      const said = { scheduler, priorities, tasks: guests[place] };
      const isSeparated = scheduler === "fp" && several.servers[vm ?? number].separation;
      const guest = isSeparated && !isGlobal(several, number) ? withHeavyFirst(said) : said;
      const { more: all, ...server } = servers[number];
      const beyond = without(all, OF_VM);
      const priority = host.scheduler === "table" ? place + 1 : server.priority;
      const kept = { ...server, ...guest, priority };
      return beyond === undefined ? kept : { ...kept, more: beyond };
    }),
  };
}

/** What a server or a host says beyond what has a theory, but for some keys; undefined where nothing is left. */
export function without(more: Server["more"], keys: readonly string[]): Server["more"] {
  if (more === undefined) return undefined;
  const left = Object.entries(more).filter(([key]) => !keys.includes(key));
  return left.length === 0 ? undefined : Object.fromEntries(left);
}
