// Lays a sweep out: how many cells, which resolution, every cell checked.

import type { Fraction } from "fraction.js";
import * as abi from "../../assembly/abi.js";
import type { Spot } from "../input/place.js";
import { InvalidInput } from "../input/problem.js";
import { unitsPerTick } from "../numbers/clock.js";
import { formatNumber, Refused } from "../numbers/durations.js";
import { tooMany } from "../scenario/check/run.js";
import type { Constraint, Operand, Sweep } from "../sweep/sweep.js";
import { columnNames, DICTIONARY_MAX, FIND_NAMES } from "../tables/columns.js";
import { hasSummary, SUMMARY_NAMES } from "../tables/summary.js";
import { checkCells } from "./check.js";
import { CELLS_MAX, gridSize } from "./count.js";
import { countersOf, mostCpus } from "./counters.js";
import { findCondition } from "./find-condition.js";
import { Grid } from "./grid.js";
import type { Walk } from "./grid-walk.js";
import type { Plan, PlanAxis } from "./plan.js";
import { CellProblems } from "./problems.js";
import type { Progress } from "./progress.js";
import { type Survey, survey } from "./resolution.js";
import { namesInSets, placesIn, setsDiffer, setsOfCell } from "./sets.js";
import { axesOfShape } from "./shape.js";
import { cellText, exactTime } from "./times.js";
import { AxisRanges, textsOf } from "./values.js";
import { drawsTasks, workloadsOf } from "./workloads.js";

/**
 * Lays out a sweep and checks every cell.
 * @param progress told how far it is
 * @throws InvalidInput with the problems of all cells together
 */
export function planSweep(sweep: Sweep, progress?: Progress): Plan {
  try {
    return laidOut(sweep, progress);
  } catch (error) {
    if (!(error instanceof InvalidInput) || sweep.expanded === undefined) throw error;
    return laidOut(sweep.expanded(), progress); // with the place of each time
  }
}

function laidOut(sweep: Sweep, progress?: Progress): Plan {
  refuseTooMany(sweep);
  const problems = new CellProblems();
  const ranges = new AxisRanges(sweep);
  checkColumns(sweep, problems);
  const gridCells = checkedGridSize(sweep, ranges, problems);
  const surveyed = checkedSurvey(sweep, ranges, problems, progress);
  const unit = unitOf(sweep, surveyed.resolution);
  const rows = rowsOf(sweep, surveyed);
  const checked = checkCells(sweep, ranges, surveyed, problems, progress);
  problems.throwIfAny(surveyed.cells);
  const counters = countersOf(sweep);
  const plan: Plan = {
    name: sweep.name,
    gridCells,
    cellCount: surveyed.cells,
    removed: sweep.where.map(({ expression }, i) => ({ where: expression.text, removed: surveyed.removed[i] })),
    replicates: sweep.replicates,
    ...(sweep.phases === "random" ? { phases: sweep.phases } : {}),
    ...rows,
    resolution: exactTime(sweep, surveyed.resolution),
    unit,
    axes: sweep.axes.map((_, axis) => planAxis(sweep, axis)),
    ...explained(surveyed),
    names: surveyed.names,
    ...(axesOfShape(sweep).length > 0 || setsDiffer(sweep) ? { varies: true as const } : {}),
    analysis: sweep.analysis,
    ...(drawsTasks(sweep) ? { workloads: workloadsOf(sweep, new Grid(sweep, ranges, surveyed.factors)) } : {}),
    ...(counters.length === 0 ? {} : { counters }),
    ...(counters.includes("migrations") ? { cpus: mostCpus(sweep) } : {}),
    ...(sweep.until === undefined ? {} : { until: { halfWidth: sweep.until.halfWidth } }),
    ...(sweep.skipsProved ? { skipsProved: true as const } : {}),
    ...(sweep.weigh === undefined ? {} : { weigh: sweep.weigh }),
    ...(sweep.find === undefined ? {} : { find: { axis: sweep.find.axis, overReplicates: sweep.find.overReplicates } }),
    ...checked,
    factors: surveyed.factors,
  };
  checkFind(sweep, plan);
  return plan;
}

/** The condition of a search is over columns that follow from all the rest. */
function checkFind(sweep: Sweep, plan: Plan): void {
  if (sweep.find === undefined) return;
  try {
    findCondition(sweep, plan);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refuse(sweep.find.condition, error.message);
  }
}

/** What of the cells only some sweeps have. */
function explained({ absent, searches }: Survey): Pick<Plan, "absent" | "searches"> {
  return { ...(absent.length === 0 ? {} : { absent }), ...(searches === undefined ? {} : { searches }) };
}

/** More than a scenario can have is refused before each of them is looked at. */
function refuseTooMany(sweep: Sweep): void {
  const { names, spots, sets, replicates } = sweep;
  const most = Math.max(
    ...Array.from({ length: setsOfCell(sweep) }, (_, set) =>
      names.reduce((sum, { tasks }, server) => sum + placesIn(sets[server], tasks.length, set).length, 0),
    ),
  );
  const counts = [
    {
      found: names.length,
      what: names.some(({ vcpu }) => vcpu) ? "servers and VCPUs" : "servers",
      most: abi.SERVERS_MAX,
    },
    { found: most, what: "tasks", most: abi.TASKS_MAX },
  ];
  const problems = counts
    .filter(({ found, most }) => found > most)
    .map(({ found, what, most }) => ({ ...spots.run[0].at, path: "system.servers", text: tooMany(found, what, most) }));
  if (problems.length > 0) throw new InvalidInput(problems);
  const named = names.map(({ tasks }, server) => namesInSets(tasks, sets[server], replicates).length);
  const all = named.reduce((sum, count) => sum + count, 0);
  const widest = sets[named.indexOf(Math.max(...named))];
  if (all > abi.TASKS_MAX && widest !== undefined)
    refuse(
      widest,
      `the sets name ${all} different tasks, and tables tell ${abi.TASKS_MAX} apart; give tasks that take the same place in their sets the same name`,
    );
}

/** What the tables cannot take of an axis. */
function checkColumns(sweep: Sweep, problems: CellProblems): void {
  const taken = [
    ...columnNames(sweep.names, drawsTasks(sweep)),
    ...(sweep.find === undefined ? [] : FIND_NAMES),
    ...(hasSummary(sweep) ? SUMMARY_NAMES : []),
  ];
  const nowhere = () => ({ values: "" });
  for (const [index, axis] of sweep.axes.entries()) {
    const quoted = JSON.stringify(axis.name);
    if (taken.includes(axis.name))
      problems.add(axis, `${quoted} cannot be the name of an axis; it is a column of the results`, nowhere);
    const found = textsOf(sweep, index).length;
    if (found <= DICTIONARY_MAX) continue;
    problems.add(axis, `${found} texts are more than the ${DICTIONARY_MAX} that an axis can have`, nowhere);
  }
}

function planAxis(sweep: Sweep, index: number): PlanAxis {
  const { name, kind, when, follows } = sweep.axes[index];
  const isOptional = when !== undefined || (follows !== undefined && sweep.axes[follows].when !== undefined);
  const optional = isOptional ? { nullable: true as const } : {};
  if (kind === "text") return { name, kind, texts: textsOf(sweep, index), ...optional };
  return { name, kind, ...(kind === "number" && isTicks(sweep, index) ? { unit: "tick" } : {}), ...optional };
}

/** Whether the plain numbers of an axis are times: some field that is a time, or a range of such an axis, is the axis itself. */
function isTicks(sweep: Sweep, axis: number): boolean {
  const isIt = (operand: Operand) => operand.kind === "expression" && operand.expression.reference === axis;
  if (sweep.fields.some(({ field, value }) => field.kind === "time" && isIt(value))) return true;
  return sweep.axes.some(({ values }, other) => {
    if (values.form === "list" || other <= axis) return false;
    return [values.from, values.to].some(isIt) && isTicks(sweep, other);
  });
}

function refuse({ path, at }: Spot, text: string): never {
  throw new InvalidInput([{ ...at, path, text }]);
}

/** Where the axes are, for problems of the grid as a whole. */
function axesSpot(sweep: Sweep): Spot {
  return { path: "axes", at: sweep.axes[0].at };
}

function checkedGridSize(sweep: Sweep, ranges: AxisRanges, problems: CellProblems): number {
  const size = gridSize(sweep, ranges, (axis, values, reason) => problems.add(axis, reason, () => ({ values })));
  if (size.cells > CELLS_MAX) {
    refuse(
      axesSpot(sweep),
      `the axes make more than ${CELLS_MAX} cells before the constraints, the most that one sweep can have; make them shorter, or split the sweep`,
    );
  }
  if (size.cells === 0) {
    problems.throwIfAny(0);
    refuse(
      sweep.axes[size.filled.indexOf(false)],
      "has no values: the range ends before it begins, so the sweep has no cells",
    );
  }
  return size.cells;
}

function checkedSurvey(sweep: Sweep, ranges: AxisRanges, problems: CellProblems, progress?: Progress): Survey {
  const refused = (constraint: Constraint, reason: string, walk: Walk) => {
    problems.add(constraint, reason, () => ({ values: cellText(sweep, walk.axes) }));
  };
  const surveyed = survey(sweep, ranges, refused, progress);
  if (surveyed.cells > 0) return surveyed;
  problems.throwIfAny(0);
  const removed = sweep.where.map(({ written }, i) => `${written} removes ${surveyed.removed[i]}`);
  return refuse(sweep.where[0], `no cell is left after the constraints: ${removed.join(", ")}`);
}

function unitOf(sweep: Sweep, resolution: Fraction): Plan["unit"] {
  const factor = resolution.mul(unitsPerTick(sweep));
  const [numerator, denominator] = [Number(factor.n), Number(factor.d)];
  if (Number.isSafeInteger(numerator) && Number.isSafeInteger(denominator))
    return { name: sweep.unit, numerator, denominator };
  const time = sweep.fields.find(({ field, value }) => field.kind === "time" && value.kind !== "text");
  const spot: Spot = sweep.resolution ?? time ?? { path: "", at: { file: sweep.file } };
  return refuse(
    spot,
    `one step of the resolution is ${formatNumber(factor)} of the unit, which is not a ratio of numbers below 2^53; choose simpler durations`,
  );
}

function rowsOf(
  sweep: Sweep,
  { cells, servers, tasks }: Survey,
): Pick<Plan, "rowsCells" | "rowsServers" | "rowsTasks"> {
  const { replicates } = sweep;
  const rows = { rowsCells: cells * replicates, rowsServers: servers, rowsTasks: tasks };
  if (Math.max(...Object.values(rows)) <= Number.MAX_SAFE_INTEGER) return rows;
  return refuse(
    { path: "replicates", at: { file: sweep.file } },
    `${cells} cells with ${sweep.replicates} replicates make more than 2^53 - 1 rows`,
  );
}
