// The text of a sweep -> Sweep, or every problem it has; the check of its structure is the caller's.

import { Fraction } from "fraction.js";
import { pathTo, type Spot } from "../input/place.js";
import { InvalidInput, type Problem } from "../input/problem.js";
import { RUN_FIELDS } from "../model/fields.js";
import { parseNanoseconds } from "../numbers/durations.js";
import { type AxisDraft, readAxes } from "./axes.js";
import { type MapNode, type Node, readDocument, type ScalarNode } from "./document.js";
import { readFind, searchedLast } from "./find.js";
import { readMachineCpus } from "./machine-cpus.js";
import { OperandReader } from "./operands.js";
import { applyOverrides } from "./overrides.js";
import { ROUNDED, type RoundedKind, type Rounding, type RoundingMode, SAFE } from "./rounding.js";
import { readReplicates, readSets, readSkipsProved, readUntil, readWeigh, readWhole } from "./statistics.js";
import type { Axis, Constraint, Hyperperiods, Sweep, SweepField } from "./sweep.js";
import { readSystem } from "./system.js";
import { expandTables } from "./task-table.js";
import { readPoints, sampledNames, TogetherReader } from "./together.js";
import { unitsOf } from "./units.js";
import { withTablesForLists } from "./written-times.js";

const SEED_MAX = 2n ** 64n - 1n;

/** What is wrong with the structure of a sweep. */
export type StructureCheck = (root: MapNode) => Problem[];

/**
 * Reads a sweep that `parseSweep` has read before in another thread: its structure is not checked again, and the library that
 * checks it, which takes 60 ms to load, is not needed.
 */
export function parseChecked(text: string, file: string, overrides: readonly string[]): Sweep {
  return readText(text, file, overrides, () => []);
}

/** As `parseSweep`, with the check of the structure. */
export function readText(text: string, file: string, overrides: readonly string[], check: StructureCheck): Sweep {
  const documentOf = (own: string) => searchedLast(applyOverrides(readDocument(own, file), overrides));
  const inTables = withTablesForLists(text);
  const document = documentOf(inTables);
  const expanded = () => {
    const written = inTables === text ? document : documentOf(text);
    const { sweep, problems } = readSweep(written, file, check, false);
    if (problems.length === 0) return sweep;
    throw new InvalidInput(problems.sort(byPlace(file)));
  };
  if (document.entries.has("rounding")) return expanded(); // each time is rounded by itself, and the change noted
  const { sweep, problems } = readSweep(document, file, check, true);
  if (problems.length > 0 || sweep.columns.length === 0) return problems.length > 0 ? expanded() : sweep;
  return { ...sweep, expanded };
}

/** @param inColumns whether tables of plain times may be read as columns, in which no time has a place for messages */
function readSweep(
  document: MapNode,
  file: string,
  check: StructureCheck,
  inColumns: boolean,
): { sweep: Sweep; problems: Problem[] } {
  const ofTables: Problem[] = [];
  const root = expandTables(document, ofTables, inColumns);
  const reader = new OperandReader();
  const sweep = new SweepReader(reader, root, file).read();
  const written = [...ofTables, ...check(root), ...reader.problems, ...reader.unlikeOthers()];
  const problems = written.length > 0 ? written : unusedAxes(sweep, reader.used);
  return { sweep, problems: problems.length > 0 ? [...problems, ...reader.misfits] : problems };
}

/** The order of problems: those of the sweep first, then those of each of its tables. */
function byPlace(file: string): (a: Problem, b: Problem) => number {
  const rank = (problem: Problem) => (problem.file === file || problem.line === undefined ? "" : (problem.file ?? ""));
  return (a, b) => {
    const [first, second] = [rank(a), rank(b)];
    if (first !== second) return first < second ? -1 : 1;
    return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
  };
}

class SweepReader {
  constructor(
    private readonly reader: OperandReader,
    private readonly root: MapNode,
    private readonly file: string,
  ) {}

  /** The sweep; complete when neither the structural check nor the reader has a problem. */
  read(): Sweep {
    const tick = this.tick();
    this.reader.units = unitsOf(this.root, tick);
    const axes = readAxes(this.reader, this.value("axes"), sampledNames(this.value("sample")));
    const together = new TogetherReader(this.reader, axes);
    const [zip, sample] = [together.zip(this.value("zip")), together.sample(this.value("sample"))];
    const system = readSystem(this.reader, this.root, axes);
    const hyperperiods = this.hyperperiods(axes);
    this.checkHorizon(hyperperiods, system);
    const fields = [...this.runFields(axes), ...system.fields];
    const where = this.where(axes);
    const find = readFind(this.reader, this.value("find"), axes);
    const until = readUntil(this.reader, this.root);
    const replicates = until?.atMost ?? readReplicates(this.reader, this.value("replicates"));
    const resolution = this.resolution();
    return {
      ...system,
      file: this.file,
      ...this.name(),
      tick: tick ?? (this.reader.units.strict ? this.reader.units.tick : undefined),
      saysTick: tick !== undefined,
      unit: this.unit(tick),
      resolution,
      rounding: this.rounding(resolution?.value),
      replicates: readSets(this.reader, this.root, system.sets, replicates),
      until,
      skipsProved: readSkipsProved(this.reader, this.root),
      weigh: readWeigh(this.reader, this.value("weigh"), axes),
      phases: this.scalar("phases", "text")?.text === "random" ? "random" : "written",
      seed: readWhole(this.reader, "seed", this.value("seed"), 0n, SEED_MAX) ?? 0n,
      analysis: this.scalar("analysis", "boolean")?.text.toLowerCase() === "true",
      machineCpus: readMachineCpus(this.reader, this.value("cpus")),
      hyperperiods,
      expanded: undefined,
      fields,
      axes: axes as readonly Axis[],
      zip,
      sample,
      find,
      points: readPoints(this.reader, this.value("points"), axes, where),
      where,
    };
  }

  private value(key: string): Node | undefined {
    return this.root.entries.get(key)?.value;
  }

  private scalar(key: string, kind: ScalarNode["kind"]): ScalarNode | undefined {
    const node = this.value(key);
    return node?.kind === kind ? (node as ScalarNode) : undefined;
  }

  private name(): Pick<Sweep, "name" | "named"> {
    const node = this.scalar("name", "text");
    if (node === undefined) return { name: nameOfFile(this.file), named: false };
    if (!isName(node.text)) {
      this.reader.say(
        { path: "name", at: node.at },
        `${JSON.stringify(node.text)} cannot be a name; it becomes a directory: letters, digits, ".", "_" and "-", at most 100`,
      );
    }
    return { name: node.text, named: true };
  }

  private tick(): Fraction | undefined {
    const node = this.scalar("tick", "text");
    if (node === undefined) return undefined;
    const spot = { path: "tick", at: node.at };
    const tick = this.reader.attempt(spot, () => parseNanoseconds(node.text));
    if (tick === undefined || (tick.s > 0n && tick.n > 0n)) return tick;
    this.reader.say(spot, `${node.text} is not positive`);
    return undefined;
  }

  private unit(tick: Fraction | undefined): Sweep["unit"] {
    const node = this.scalar("unit", "text");
    const { strict } = this.reader.units;
    if (node === undefined) return tick === undefined && !strict ? "tick" : "ms";
    const spot = { path: "unit", at: node.at };
    const needs = 'needs a tick: say how long one tick is, for example "tick: 1ms"';
    const lacksTick = node.text === "tick" ? strict : !strict || this.reader.lacksTick;
    if (lacksTick && !this.root.entries.has("tick")) this.reader.say(spot, `${node.text} ${needs}`);
    return node.text as Sweep["unit"];
  }

  /** @param resolution what times are rounded to unless the rounding says it */
  private rounding(resolution: Fraction | undefined): Sweep["rounding"] {
    const node = this.value("rounding");
    if (node === undefined) return undefined;
    const own = node.kind === "map" ? node.entries.get("resolution")?.value : undefined;
    const grid = own === undefined ? resolution : this.resolution("rounding.resolution", own)?.value;
    if (grid === undefined) {
      const text = 'needs a resolution to round to, as in "rounding: { resolution: 1us }"';
      if (own === undefined && node.kind !== "list" && !this.root.entries.has("resolution"))
        this.reader.say({ path: "rounding", at: node.at }, text);
      return undefined;
    }
    return { grid, rules: this.roundingRules(node) };
  }

  private roundingRules(node: Node): Rounding["rules"] {
    const written = (kind: RoundedKind) => {
      const value = node.kind === "map" ? node.entries.get(kind)?.value : node;
      return value?.kind === "text" ? (value.text as RoundingMode) : undefined;
    };
    const rules = ROUNDED.map((kind): [RoundedKind, RoundingMode] => {
      const general = kind === "server_periods" ? written("periods") : undefined;
      return [kind, written(kind) ?? general ?? SAFE[kind]];
    });
    return Object.fromEntries(rules) as Rounding["rules"];
  }

  private resolution(path = "resolution", node = this.value(path)): Sweep["resolution"] {
    if (node === undefined) return undefined;
    const spot = { path, at: node.at };
    if (node.kind === "text" && node.text.startsWith("=")) {
      return void this.reader.say(spot, "a resolution is one duration for the whole sweep, not an expression");
    }
    const operand = this.reader.duration(node, spot, []);
    if (operand === undefined || operand.kind === "expression") return undefined;
    if (operand.value.s <= 0n || operand.value.n === 0n)
      this.reader.say(spot, `${(node as ScalarNode).text} is not positive`);
    return { ...spot, value: operand.value, written: operand.kind };
  }

  private hyperperiods(axes: readonly AxisDraft[]): Hyperperiods | undefined {
    const node = this.value("horizon");
    if (node?.kind !== "map") return undefined;
    const read = (key: string, kind: "count" | "duration") => {
      const value = node.entries.get(key)?.value;
      return value && this.reader[kind](value, { path: pathTo("horizon", key), at: value.at }, axes);
    };
    const count = read("hyperperiods", "count");
    return {
      path: "horizon",
      at: node.at,
      count: count ?? { kind: "number", value: new Fraction(1) },
      atMost: read("at_most", "duration"),
    };
  }

  /** Drawn periods have no common multiple that is of any use. */
  private checkHorizon(hyperperiods: Hyperperiods | undefined, { workloads, sets }: Pick<Sweep, "workloads" | "sets">) {
    const differ = [...workloads, ...sets].find((each) => each !== undefined);
    if (hyperperiods === undefined || differ === undefined) return;
    const kind = "starts" in differ ? "come in sets" : "are generated";
    this.reader.say(hyperperiods, `is one length where tasks ${kind}: their periods differ from set to set`);
  }

  /** `horizon`, `stop` and `warmup`; the replicate is not the sweep's to set. */
  private runFields(axes: readonly AxisDraft[]): SweepField[] {
    return RUN_FIELDS.flatMap((field) => {
      const node = field.name === "replicate" ? undefined : this.value(field.name);
      if (node === undefined) return [];
      const spot: Spot = { path: field.name, at: node.at };
      const value = this.reader.field(field, node, spot, axes);
      return value === undefined ? [] : [{ ...spot, field, record: "run" as const, index: 0, value }];
    });
  }

  private where(axes: readonly AxisDraft[]): Constraint[] {
    const node = this.value("where");
    const entries: readonly [string, Node][] =
      node?.kind === "list" ? node.items.map((item, i) => [pathTo("where", i), item]) : node ? [["where", node]] : [];
    return entries.flatMap(([path, item]) => {
      if (item.kind !== "text") return [];
      const spot = { path, at: item.at };
      const text = item.text.replace(/^=/, "");
      const expression = this.reader.expression(text, spot, "condition", axes);
      return expression === undefined ? [] : [{ ...spot, expression, written: text.trim().replace(/\s+/g, " ") }];
    });
  }
}

/** An axis that nothing names would only repeat every cell: almost surely a slip. Asked once everything can be read. */
function unusedAxes({ axes, zip }: Sweep, used: ReadonlySet<number>): Problem[] {
  const labels = new Set(zip.filter((group) => group.some((axis) => used.has(axis))).flat());
  const unused = axes.filter((_, index) => !used.has(index) && !labels.has(index));
  return unused.map(({ name, path, at }) => ({
    ...at,
    path,
    text: `nothing uses this axis, so all its cells would be alike; name it where its values belong, as in "=${name}"`,
  }));
}

/** `my-sweep` for `sweeps/my sweep.yaml`: what a name cannot have becomes a dash, and nothing before its first letter. */
function nameOfFile(file: string): string {
  const own = /([^/\\]*?)(\.[^./\\]*)?$/.exec(file)?.[1] ?? "";
  if (isName(own)) return own;
  const dashed = own.normalize("NFC").replace(/[^\p{L}\p{N}._-]+/gu, "-");
  const name = [...dashed.replace(/^[^\p{L}\p{N}_]+|-+$/gu, "")].slice(0, 100).join("");
  return isName(name) ? name : "sweep";
}

function isName(text: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}._-]{0,99}$/u.test(text);
}
