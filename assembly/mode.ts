// How much of the model a run needs. The loop is compiled once for each mode, and a mode can do all that those before it
// can: what a run does not need is compiled out of its loop. See `run` in simulation.ts.

export type Mode = i32;

/**
 * Fixed priorities, at most 64 tasks a server, servers without a budget or replenished periodically, nothing drawn, and
 * deadlines at which nothing happens.
 */
export const PLAIN: Mode = 1;

/** The same, and sporadic and constant bandwidth servers, and earliest deadlines first at the host. */
export const BANDWIDTH: Mode = 2;

/** All of semantics.md but its section 10. */
export const GENERAL: Mode = 3;

/** The same with trees, on one CPU and without a table: only the loop in several/one-cpu.ts has this mode. */
export const TREES: Mode = 4;

/** GENERAL on several CPUs, with VMs of several VCPUs, without trees, tables and aware guests: only the loop in several/ has this mode. */
export const CPUS: Mode = 5;

/** The same with these: only the loop in several/ has this mode. */
export const SEVERAL: Mode = 6;

/** All of GENERAL, think times, and the hosts, classes and policies of section 10 but tbs and cus, on one CPU. */
export const POLICIES: Mode = 7;

/** All of it; section 11 in the loop in several/. */
export const FULL: Mode = 8;

/** The same, and what happens is written to events.ts. */
export const TRACED: Mode = 9;

/** Whether the loop for several CPUs may have this mode. @inline */
export function isSeveral(mode: Mode): bool {
  return mode == CPUS || mode == SEVERAL || mode >= FULL;
}
