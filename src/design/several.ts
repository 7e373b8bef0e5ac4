// A host with several CPUs: which server on which CPU, with which period and budget. Pure; times are whole numbers in the time
// base of the system.

import { Assigner, totalBandwidth } from "../analysis/assignment.js";
import type { System } from "../model/system.js";
import { add, compare, type Ratio, ratio, sumOf, ZERO } from "../numbers/integers.js";
import { type Choice, type DesignSettings, type ServerCurve, serverCurve, whyNoBudget } from "./design.js";
import { periodsOf } from "./periods.js";
import { EXACT_MAX, ExactSearch, type Placement, placeBestFit, SetDesigns } from "./placement.js";
import { affinities, asServers, whyNotPlaced } from "./vcpus.js";

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

/** Servers that may have the same CPUs, and no others. Numbers, ascending. */
interface Cluster {
  readonly servers: readonly number[];
  readonly cpus: readonly number[];
}

/** Why servers do not fit on the CPUs that they may have. */
export interface Misfit extends Cluster {
  /** The server that best-fit decreasing found no place for. */
  readonly unplaced: string | null;
  /** What all of them take together at least. */
  readonly least: Ratio;
  /** The least number of CPUs on which all were placed. */
  readonly enough: number;
  /** Whether it is proved that fewer are not enough. */
  readonly isProved: boolean;
}

/** The design of a host with several CPUs; `curves` are those of each server alone on a CPU. */
export interface HostDesign {
  readonly method: PlacementMethod;
  readonly curves: readonly ServerCurve[];
  readonly choice: PlacedChoice | null;
  /** Servers that fit on no CPU, even alone, or that have no budget to choose; then nothing more is known. */
  readonly alone: readonly { readonly name: string; readonly reason: string }[];
  /** Otherwise, without a choice, at least one. */
  readonly misfits: readonly Misfit[];
}

export interface HostSettings extends DesignSettings {
  /** How many CPUs there are. */
  readonly cpus: number;
  /**
   * The CPUs that each server or VCPU may have, ascending; lists are equal or have none in common. Those of its affinity by
   * default, without one all.
   */
  readonly cpusOf?: readonly (readonly number[])[] | undefined;
  /** Is told how many sets of servers were designed. */
  readonly progress?: (sets: number) => void;
}

/**
 * Designs a host with several CPUs for the servers of a system (analysis.md section 4). What it says itself of CPUs and VCPUs is
 * kept to, as far as there are proofs: VCPUs are servers of the design, an affinity is where a server may go.
 */
export function designHost(given: System, settings: HostSettings): HostDesign {
  const { several } = given;
  if (several === undefined || whyNotPlaced(given, several).length > 0) return placed(given, settings);
  const cpusOf = settings.cpusOf ?? affinities(several, settings.cpus);
  return placed(asServers(given, several), { ...settings, cpusOf });
}

/** Of a system that says nothing of CPUs, or of which nothing can be chosen. */
function placed(system: System, settings: HostSettings): HostDesign {
  const { servers, host } = system;
  const clusters = clustersOf(servers.length, settings);
  // With switches of the host no set is designed exactly, and each takes long.
  const isExact = host.hostSwitch === 0 && clusters.every((cluster) => cluster.servers.length <= EXACT_MAX);
  const method: PlacementMethod = isExact ? "exact search" : "best-fit decreasing";
  const curves = servers.map((server) => serverCurve({ ...system, servers: [server] }, 0, settings));
  const without = servers.flatMap(({ name }, index) => {
    const isNowhere = settings.cpusOf?.[index].length === 0;
    const reason = isNowhere ? "none of the CPUs of its affinity is there" : whyNoBudget(system, index);
    return reason === null ? [] : [{ name, reason }];
  });
  if (without.length > 0) return { method, curves, choice: null, alone: without, misfits: [] };
  const periods = curves.map((curve) => (curve.periods === null ? [] : periodsOf(curve.periods)));
  const assigner = new Assigner(system, periods, settings.switchCost);
  const designs = new SetDesigns(assigner, settings.switchCost, settings.progress);
  const alone = servers.flatMap(({ name }, server) =>
    designs.systemOf([server]) === null ? [{ name, reason: "no budget is enough at any of these periods" }] : [],
  );
  if (alone.length > 0) return { method, curves, choice: null, alone, misfits: [] };
  const found = clusters.map((cluster) => (isExact ? searched(designs, cluster) : bestFit(designs, system, cluster)));
  const misfits = found.flatMap((each) => ("misfit" in each ? [each.misfit] : []));
  const placed = found.flatMap((each) => ("misfit" in each ? [] : [each]));
  const choice = misfits.length > 0 ? null : choiceOf(designs, system, settings.cpus, placed);
  return { method, curves, choice, alone, misfits };
}

function clustersOf(count: number, { cpus, cpusOf }: HostSettings): Cluster[] {
  const all = Array.from({ length: cpus }, (_, cpu) => cpu);
  const clusters = new Map<string, { readonly servers: number[]; readonly cpus: readonly number[] }>();
  for (let server = 0; server < count; server++) {
    const own = cpusOf?.[server] ?? all;
    const cluster = clusters.get(own.join()) ?? { servers: [], cpus: own };
    cluster.servers.push(server);
    clusters.set(own.join(), cluster);
  }
  return [...clusters.values()];
}

/** The servers of a cluster on its CPUs, or why they do not fit. */
type Found = (Cluster & { readonly placement: Placement; readonly isProved: boolean }) | { readonly misfit: Misfit };

function searched(designs: SetDesigns, cluster: Cluster): Found {
  const { servers, cpus } = cluster;
  const search = new ExactSearch(designs, servers);
  let isProved = true;
  for (let enough = cpus.length; ; enough++) {
    const found = search.search(enough);
    if (found.placement !== null && enough === cpus.length)
      return { ...cluster, placement: found.placement, isProved: found.isProved };
    // On as many CPUs as there are servers each has its own.
    if (found.placement !== null)
      return { misfit: { ...cluster, unplaced: null, least: leastOf(designs, servers), enough, isProved } };
    isProved &&= found.isProved;
  }
}

function bestFit(designs: SetDesigns, system: System, cluster: Cluster): Found {
  const { servers, cpus } = cluster;
  const { placement, misfit } = placeBestFit(designs, servers, cpus.length);
  if (placement !== null) return { ...cluster, placement, isProved: false };
  let enough = cpus.length + 1;
  while (placeBestFit(designs, servers, enough).placement === null) enough++;
  const least = leastOf(designs, servers);
  const isProved = system.host.hostSwitch === 0 && compare(least, ratio(enough - 1, 1)) > 0;
  return { misfit: { ...cluster, unplaced: system.servers[misfit!].name, least, enough, isProved } };
}

/** What servers take alone: with others on their CPU they take no less. */
function leastOf(designs: SetDesigns, servers: readonly number[]): Ratio {
  return sumOf(servers.map((server) => totalBandwidth(designs.systemOf([server])!, designs.switchCost)));
}

function choiceOf(
  designs: SetDesigns,
  system: System,
  count: number,
  placed: readonly Exclude<Found, { readonly misfit: Misfit }>[],
): PlacedChoice {
  const membersOf = Array.from({ length: count }, (): readonly number[] => []);
  for (const { placement, cpus } of placed)
    placement.forEach((members, i) => {
      membersOf[cpus[i]] = members;
    });
  const servers = [...system.servers];
  const cpuOf = servers.map(() => 0);
  const cpus = membersOf.map((members, cpu): CpuLoad => {
    if (members.length === 0) return { servers: [], bandwidth: ZERO, load: ZERO };
    const own = designs.systemOf(members)!;
    for (const [place, member] of members.entries()) {
      servers[member] = own.servers[place];
      cpuOf[member] = cpu;
    }
    return { servers: members, bandwidth: totalBandwidth(own), load: totalBandwidth(own, designs.switchCost) };
  });
  const bandwidth = cpus.reduce((sum, cpu) => add(sum, cpu.bandwidth), ZERO);
  return {
    system: { ...system, servers },
    bandwidth,
    isOptimal: placed.every(({ isProved }) => isProved),
    cpus,
    cpuOf,
  };
}
