// Servers on several CPUs: which server on which CPU, with which period and budget. Pure; times are whole numbers in the time
// base of the system.

import { Assigner, totalBandwidth } from "../analysis/assignment.js";
import type { System } from "../model/system.js";
import { add, compare, type Ratio, ratio, sumOf, ZERO } from "../numbers/integers.js";
import { type Choice, type DesignSettings, type ServerCurve, serverCurve, whyNoBudget } from "./design.js";
import { periodsOf } from "./periods.js";
import { EXACT_MAX, ExactSearch, type Placement, placeBestFit, SetDesigns } from "./placement.js";

/** How placements are looked for. */
export type PlacementMethod = "exact search" | "best-fit decreasing";

/** A CPU, numbered from 0, with the numbers of its servers and the sum of their (Q + switch) / P. */
export interface CpuLoad {
  readonly servers: readonly number[];
  readonly bandwidth: Ratio;
  readonly load: Ratio;
}

/** A choice for all servers, and the CPU of each. `isOptimal`: no other placement takes less, with the periods tried. */
export interface PlacedChoice extends Choice {
  readonly cpus: readonly CpuLoad[];
  readonly cpuOf: readonly number[];
}

/** Why nothing was chosen. */
export interface Misfit {
  /** Servers that fit on no CPU, even alone, or that have no budget to choose; then nothing more is known. */
  readonly alone: readonly { readonly name: string; readonly reason: string }[];
  /** The server that best-fit decreasing found no place for. */
  readonly unplaced: string | null;
  /** What all take together at least, null where some fit on no CPU. */
  readonly least: Ratio | null;
  /** The least number of CPUs on which all were placed. */
  readonly cpus: number | null;
  /** Whether it is proved that fewer are not enough. */
  readonly isProved: boolean;
}

/** The design of a host with several CPUs; `curves` are those of each server alone on a CPU. */
export interface HostDesign {
  readonly method: PlacementMethod;
  readonly curves: readonly ServerCurve[];
  readonly choice: PlacedChoice | null;
  /** Null if there is a choice. */
  readonly misfit: Misfit | null;
}

export interface HostSettings extends DesignSettings {
  /** How many CPUs there are. */
  readonly cpus: number;
  /** Is told how many sets of servers were designed. */
  readonly progress?: (sets: number) => void;
}

/** Designs a host with several CPUs for the servers of a system, which says nothing of CPUs itself (analysis.md section 4). */
export function designHost(system: System, settings: HostSettings): HostDesign {
  const { servers, host } = system;
  // With switches of the host no set is designed exactly, and each takes long.
  const method: PlacementMethod =
    servers.length <= EXACT_MAX && host.hostSwitch === 0 ? "exact search" : "best-fit decreasing";
  const curves = servers.map((server) => serverCurve({ ...system, servers: [server] }, 0, settings));
  const without = servers.flatMap(({ name }, index) => {
    const reason = whyNoBudget(system, index);
    return reason === null ? [] : [{ name, reason }];
  });
  if (without.length > 0) return { method, curves, choice: null, misfit: misfitOf(without) };
  const periods = curves.map((curve) => (curve.periods === null ? [] : periodsOf(curve.periods)));
  const assigner = new Assigner(system, periods, settings.switchCost);
  const designs = new SetDesigns(assigner, settings.switchCost, settings.progress);
  const alone = servers.flatMap(({ name }, server) =>
    designs.systemOf([server]) === null ? [{ name, reason: "no budget is enough at any of these periods" }] : [],
  );
  if (alone.length > 0) return { method, curves, choice: null, misfit: misfitOf(alone) };
  const found = method === "exact search" ? searched(designs, system, settings) : bestFit(designs, system, settings);
  return { method, curves, ...found };
}

type Found = Pick<HostDesign, "choice" | "misfit">;

function misfitOf(alone: Misfit["alone"]): Misfit {
  return { alone, unplaced: null, least: null, cpus: null, isProved: false };
}

function searched(designs: SetDesigns, system: System, { cpus }: HostSettings): Found {
  const count = system.servers.length;
  const search = new ExactSearch(designs, count);
  let isProved = true;
  for (let enough = cpus; ; enough++) {
    const found = search.search(enough);
    if (found.placement !== null && enough === cpus)
      return { choice: choiceOf(designs, system, cpus, found.placement, found.isProved), misfit: null };
    // On as many CPUs as there are servers each has its own.
    if (found.placement !== null) {
      const misfit = { alone: [], unplaced: null, least: leastOf(designs, count), cpus: enough, isProved };
      return { choice: null, misfit };
    }
    isProved &&= found.isProved;
  }
}

function bestFit(designs: SetDesigns, system: System, { cpus }: HostSettings): Found {
  const count = system.servers.length;
  const { placement, misfit } = placeBestFit(designs, count, cpus);
  if (placement !== null) return { choice: choiceOf(designs, system, cpus, placement, false), misfit: null };
  let enough = cpus + 1;
  while (placeBestFit(designs, count, enough).placement === null) enough++;
  const least = leastOf(designs, count);
  const isProved = system.host.hostSwitch === 0 && compare(least, ratio(enough - 1, 1)) > 0;
  return {
    choice: null,
    misfit: { alone: [], unplaced: system.servers[misfit!].name, least, cpus: enough, isProved },
  };
}

/** What servers take alone: with others on their CPU they take no less. */
function leastOf(designs: SetDesigns, count: number): Ratio {
  return sumOf(
    Array.from({ length: count }, (_, server) => totalBandwidth(designs.systemOf([server])!, designs.switchCost)),
  );
}

function choiceOf(
  designs: SetDesigns,
  system: System,
  count: number,
  placement: Placement,
  isOptimal: boolean,
): PlacedChoice {
  const servers = [...system.servers];
  const cpuOf = servers.map(() => 0);
  const cpus = Array.from({ length: count }, (_, cpu): CpuLoad => {
    const members = placement[cpu] ?? [];
    if (members.length === 0) return { servers: [], bandwidth: ZERO, load: ZERO };
    const own = designs.systemOf(members)!;
    for (const [place, member] of members.entries()) {
      servers[member] = own.servers[place];
      cpuOf[member] = cpu;
    }
    return { servers: members, bandwidth: totalBandwidth(own), load: totalBandwidth(own, designs.switchCost) };
  });
  const bandwidth = cpus.reduce((sum, cpu) => add(sum, cpu.bandwidth), ZERO);
  return { system: { ...system, servers }, bandwidth, isOptimal, cpus, cpuOf };
}
