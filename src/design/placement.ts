// Which server goes on which CPU, and with which period and budget: the least total bandwidth over all placements, of equals
// the one whose CPUs are loaded most evenly, and of these the first (analysis.md section 4).
//
// Method. CPUs are alike, so a placement is a partition of the servers into at most so many sets. A set takes at least what
// its servers take alone, which is a bound to start from. The cheapest partition by these bounds is found by dynamic
// programming over sets; the sets in it that have not been designed are, and take their place with what they really take,
// until all sets of the cheapest partition are designed: then no other one is better. More servers than an exact search can
// hold are placed by best-fit decreasing [Johnson, Near-optimal bin packing algorithms, MIT 1973].

import { Fraction } from "fraction.js";
import { type Assigner, type AssignmentSearch, totalBandwidth } from "../analysis/assignment.js";
import type { System } from "../model/system.js";
import { add, bigLeastCommonMultiple, compare, type Ratio, ratio, ZERO } from "../numbers/integers.js";

/** The most servers whose placements are all searched. */
export const EXACT_MAX = 12;

/**
 * How much of that is looked at before the best placement so far is taken: partial assignments of a set (all of two servers
 * with 250 periods each), and of all.
 */
const NODES_MAX_OF_SET = 70_000;
const NODES_MAX = 2_000_000;
const SETS_MAX = 1500;

const ONE = ratio(1, 1);

/** The servers of each CPU that has any, ascending; CPUs in the order of their first servers. */
export type Placement = readonly (readonly number[])[];

/** A placement that was looked for. */
export interface PlacementSearch {
  readonly placement: Placement | null;
  /** Whether no other one is better, or there is none. */
  readonly isProved: boolean;
}

/** Servers by themselves on a CPU: each set is designed once. */
export class SetDesigns {
  private readonly found = new Map<string, AssignmentSearch>();
  private nodes = 0;

  /**
   * @param progress is told how many sets are designed
   * @param setsMax how many are before an exact search ends
   */
  constructor(
    private readonly assigner: Assigner,
    readonly switchCost: number,
    private readonly progress: (sets: number) => void = () => {},
    private readonly setsMax = SETS_MAX,
  ) {}

  /** @param members numbers of the servers, ascending */
  of(members: readonly number[]): AssignmentSearch {
    const key = members.join();
    const known = this.found.get(key);
    if (known !== undefined) return known;
    const search = this.assigner.assign(members, NODES_MAX_OF_SET);
    this.found.set(key, search);
    this.nodes += search.nodes;
    this.progress(this.found.size);
    return search;
  }

  /** The CPU as these servers have it, null if they cannot share it. */
  systemOf(members: readonly number[]): System | null {
    return this.of(members).assignment?.system ?? null;
  }

  /** Whether as much was looked at as is at most. */
  get isSpent(): boolean {
    return this.nodes >= NODES_MAX || this.found.size >= this.setsMax;
  }

  /** Whether each answer so far is proved: nothing better, or nothing at all. */
  get areProved(): boolean {
    return [...this.found.values()].every(({ isComplete, assignment }) => assignment?.isOptimal ?? isComplete);
  }

  /** Whether a set of servers takes no less with others than without, so that what does not fit never does. */
  get areMonotone(): boolean {
    return this.assigner.isIndependent;
  }
}

/**
 * Searches all placements of at most 12 servers, each of which fits on a CPU of its own. A set of servers is a whole number,
 * the first server its highest bit: of two sets the greater one has the first server that is only in one of them.
 */
export class ExactSearch {
  /** What sets take is in parts of a CPU, so many of them. */
  private scale = 1n;
  /** What each set is sure to take at least; null where it does not fit on a CPU. */
  private least: (bigint | null)[] = [];
  private readonly isDesigned: boolean[];

  /** @param servers their numbers, ascending */
  constructor(
    private readonly designs: SetDesigns,
    private readonly servers: readonly number[],
  ) {
    this.isDesigned = Array.from({ length: 1 << servers.length }, () => false);
    const alone = servers.map((server) => this.taken([server])!);
    for (const { d } of alone) this.refine(d);
    const parts = alone.map((share) => this.partsOf(share));
    this.least = this.isDesigned.map((_, set) => {
      const sum = parts.reduce((total, own, place) => ((set & this.bitOf(place)) === 0 ? total : total + own), 0n);
      return sum > this.scale ? null : sum;
    });
    for (const place of parts.keys()) this.isDesigned[this.bitOf(place)] = true;
  }

  /** The best placement on at most so many CPUs. */
  search(cpus: number): PlacementSearch {
    for (;;) {
      const sets = this.cheapest(cpus, this.least);
      if (sets === null) return { placement: null, isProved: this.designs.areProved };
      const open = sets.filter((set) => !this.isDesigned[set]);
      if (open.length === 0) return { placement: this.placementOf(sets), isProved: this.designs.areProved };
      if (this.designs.isSpent) return { placement: this.bestSoFar(cpus), isProved: false };
      for (const set of open) this.design(set);
    }
  }

  /** Of the sets that are designed, those of best-fit decreasing among them. */
  private bestSoFar(cpus: number): Placement | null {
    const { placement } = placeBestFit(this.designs, this.servers, cpus);
    for (const members of placement ?? []) this.design(this.setOf(members));
    const designed = this.least.map((parts, set) => (set === 0 || this.isDesigned[set] ? parts : null));
    const sets = this.cheapest(cpus, designed);
    return sets === null ? null : this.placementOf(sets);
  }

  private design(set: number): void {
    if (this.isDesigned[set]) return;
    this.isDesigned[set] = true;
    const members = this.membersOf(set);
    const share = this.taken(members);
    if (share !== null) this.refine(share.d);
    const parts = share === null ? null : this.partsOf(share);
    const known = this.least[set];
    this.least[set] = parts;
    if (parts === known || !this.designs.areMonotone || !this.designs.of(members).isComplete) return;
    for (const [other, least] of this.least.entries()) {
      if ((other & set) !== set || this.isDesigned[other] || least === null) continue;
      const rest = this.least[other ^ set];
      const sum = parts === null || rest === null ? null : parts + rest;
      if (sum === null || sum > this.scale) this.least[other] = null;
      else if (sum > least) this.least[other] = sum;
    }
  }

  /** What servers take of a CPU by themselves, null if they do not fit. */
  private taken(members: readonly number[]): Fraction | null {
    const system = this.designs.systemOf(members);
    if (system === null) return null;
    const { numerator, denominator } = totalBandwidth(system, this.designs.switchCost);
    return new Fraction(numerator, denominator);
  }

  /** Makes parts so small that a share with this denominator is a whole number of them. */
  private refine(denominator: bigint): void {
    const scale = bigLeastCommonMultiple([this.scale, denominator]);
    const times = scale / this.scale;
    if (times > 1n) this.least = this.least.map((parts) => (parts === null ? null : parts * times));
    this.scale = scale;
  }

  private partsOf({ n, d }: Fraction): bigint {
    return n * (this.scale / d);
  }

  /**
   * The partition of all servers into at most so many sets that takes least; of equals that with the least sum of squares,
   * and of these the first.
   */
  private cheapest(cpus: number, least: readonly (bigint | null)[]): number[] | null {
    // Both in one number: no sum of squares reaches the weight.
    const weight = BigInt(cpus) * this.scale * this.scale + 1n;
    const costs = least.map((parts) => (parts === null ? null : parts * weight + parts * parts));
    const best = Array.from({ length: cpus + 1 }, () => new Map<number, Partition | null>());
    const partition = (set: number, sets: number): Partition | null => {
      if (set === 0) return EMPTY;
      if (sets === 0) return null;
      const known = best[sets].get(set);
      if (known !== undefined) return known;
      const first = 1 << (31 - Math.clz32(set));
      const others = set ^ first;
      let found: Partition | null = null;
      for (let more = others; ; more = (more - 1) & others) {
        const cost = costs[first | more];
        const rest: Partition | null =
          cost === null || (found !== null && cost >= found.cost) ? null : partition(others ^ more, sets - 1);
        if (rest !== null && (found === null || cost! + rest.cost < found.cost))
          found = { cost: cost! + rest.cost, set: first | more, rest };
        if (more === 0) break;
      }
      best[sets].set(set, found);
      return found;
    };
    const found = partition(this.isDesigned.length - 1, cpus);
    return found === null ? null : setsOf(found);
  }

  /** @param place of a server among all */
  private bitOf(place: number): number {
    return 1 << (this.servers.length - 1 - place);
  }

  private setOf(members: readonly number[]): number {
    return members.reduce((set, server) => set | this.bitOf(this.servers.indexOf(server)), 0);
  }

  private membersOf(set: number): number[] {
    return this.servers.filter((_, place) => (set & this.bitOf(place)) !== 0);
  }

  private placementOf(sets: readonly number[]): Placement {
    return sets.map((set) => this.membersOf(set));
  }
}

/** Sets of servers, in the order of their first ones. */
interface Partition {
  readonly cost: bigint;
  readonly set: number;
  readonly rest: Partition | null;
}

const EMPTY: Partition = { cost: 0n, set: 0, rest: null };

function setsOf(partition: Partition): number[] {
  const sets: number[] = [];
  for (let at: Partition | null = partition; at !== null && at !== EMPTY; at = at.rest) sets.push(at.set);
  return sets;
}

/** Where best-fit decreasing puts the servers, or the first that it has no place for. */
export interface BestFit {
  readonly placement: Placement | null;
  readonly misfit: number | null;
}

/**
 * The servers by what they take alone, the greatest first, of equals the first: each goes to the fullest CPU on which it
 * still fits.
 */
export function placeBestFit(designs: SetDesigns, servers: readonly number[], cpus: number): BestFit {
  const taken = (members: readonly number[]) => totalBandwidth(designs.systemOf(members)!, designs.switchCost);
  const alone = new Map(servers.map((server) => [server, taken([server])]));
  const order = [...servers].sort((a, b) => compare(alone.get(b)!, alone.get(a)!) || a - b);
  let loads: { readonly members: readonly number[]; readonly load: Ratio }[] = [];
  for (const server of order) {
    // One empty CPU is like another, and the last choice.
    const choices = loads.length < cpus ? [...loads, { members: [], load: ZERO }] : loads;
    const fullest = choices.filter(({ load }) => compare(add(load, alone.get(server)!), ONE) <= 0);
    fullest.sort((a, b) => compare(b.load, a.load));
    const chosen = fullest.find(({ members }) => designs.systemOf(withMember(members, server)) !== null);
    if (chosen === undefined) return { placement: null, misfit: server };
    const members = withMember(chosen.members, server);
    loads = [...loads.filter((other) => other !== chosen), { members, load: taken(members) }];
  }
  return { placement: loads.map(({ members }) => members).sort((a, b) => a[0] - b[0]), misfit: null };
}

function withMember(members: readonly number[], server: number): number[] {
  return [...members, server].sort((a, b) => a - b);
}
