// `summary`: a row a cell over its replicates. Made from the rows of `cells` and `tasks` once these are whole, so that it does
// not matter who computed them.

import { Moments, wilson } from "../numbers/statistics.js";
import { axisColumn, type Column } from "./columns.js";
import { ownerName, type TableShape } from "./shape.js";

/** What a summary is of. */
export interface SummaryShape extends TableShape {
  readonly replicates: number;
  /** The axis whose values weigh the acceptance. */
  readonly weigh?: number | undefined;
}

/** Whether a run has a summary. */
export function hasSummary({
  replicates,
  find,
  weigh,
}: Pick<SummaryShape, "replicates" | "weigh"> & { readonly find?: unknown }): boolean {
  return find === undefined && (replicates > 1 || weigh !== undefined);
}

const STATISTICS = ["mean", "error", "low", "high"] as const;
const MEANINGS = {
  mean: "mean over the replicates that have one",
  error: "standard error of that mean",
  low: "lower end of its 95 % interval (Student's t)",
  high: "upper end of its 95 % interval",
} as const;
const OF_TASKS = ["response_mean", "response_max"] as const;

/** Names that an axis may not have in a sweep with a summary. */
export const SUMMARY_NAMES = [
  ...["replicates", "accepted", "acceptance", "acceptance_low", "acceptance_high", "weighted_acceptance"],
  ...STATISTICS.map((name) => `miss_ratio_${name}`),
];

/** The columns of `summary`. */
export function summaryColumns(shape: SummaryShape): Column[] {
  const unit = shape.unit.name;
  const share = (name: string, description: string) => metric(name, "1", description, true);
  const statistics = (name: string, of: string, columnUnit: string) =>
    STATISTICS.map((each) => metric(`${name}_${each}`, columnUnit, `${of}: ${MEANINGS[each]}`, true));
  const tasks = shape.names.flatMap((server) =>
    server.tasks.flatMap((task) =>
      OF_TASKS.flatMap((name) => statistics(`${ownerName(server)}.${task}.${name}`, name, unit)),
    ),
  );
  const weighted =
    "weighted schedulability: sum of weight x acceptance over sum of weights, over the cells that differ in the weight alone";
  return [
    { name: "cell", type: "int64", role: "id", description: "number of the cell in the plan", nullable: false },
    ...shape.axes.map((axis) => axisColumn(axis, unit)),
    count("replicates", "replicates of the cell"),
    count(
      "accepted",
      "replicates with a result in which every task was judged and none missed a deadline, and those that are proved",
    ),
    share("acceptance", "accepted / replicates"),
    share("acceptance_low", "lower end of the 95 % interval of the acceptance (Wilson)"),
    share("acceptance_high", "upper end of the 95 % interval of the acceptance (Wilson)"),
    ...(shape.weigh === undefined ? [] : [share("weighted_acceptance", weighted)]),
    ...statistics("miss_ratio", "miss_ratio", "1"),
    ...tasks,
  ];
}

function metric(name: string, unit: string, description: string, nullable: boolean): Column {
  return { name, type: "float64", role: "metric", unit, description, nullable };
}

function count(name: string, description: string): Column {
  return { name, type: "int64", role: "metric", unit: "1", description, nullable: false };
}

/** A run as the summary sees it; NaN stands for null. */
export interface SummedRun {
  readonly cell: number;
  readonly axes: readonly number[];
  /** Whether every task was judged and none missed a deadline. */
  readonly accepted: boolean;
  readonly missRatio: number;
}

/** Sums up the runs of one cell. */
export class CellSummary {
  private readonly missRatio = new Moments();
  private readonly tasks: Moments[];
  private readonly places: ReadonlyMap<string, number>;
  private replicates = 0;
  private accepted = 0;

  constructor(
    private readonly shape: SummaryShape,
    private readonly first: SummedRun,
  ) {
    const keys = shape.names.flatMap((server) => server.tasks.map((task) => `${ownerName(server)}.${task}`));
    this.places = new Map(keys.map((key, place) => [key, place * OF_TASKS.length]));
    this.tasks = keys.flatMap(() => OF_TASKS.map(() => new Moments()));
  }

  get cell(): number {
    return this.first.cell;
  }

  get acceptance(): number {
    return this.accepted / this.replicates;
  }

  addRun({ accepted, missRatio }: SummedRun): void {
    this.replicates++;
    if (accepted) this.accepted++;
    if (!Number.isNaN(missRatio)) this.missRatio.add(missRatio);
  }

  /** @param mean response_mean @param max response_max; NaN stands for null */
  addTask(server: string, task: string, mean: number, max: number): void {
    const place = this.places.get(`${server}.${task}`)!;
    if (!Number.isNaN(mean)) this.tasks[place].add(mean);
    if (!Number.isNaN(max)) this.tasks[place + 1].add(max);
  }

  /** The row, in the order of the columns. @param weighted the weighted acceptance, where there is one */
  row(weighted: number | undefined): number[] {
    const { low, high } = wilson(this.accepted, this.replicates);
    return [
      this.first.cell,
      ...this.first.axes,
      ...[this.replicates, this.accepted, this.acceptance, low, high],
      ...(this.shape.weigh === undefined ? [] : [weighted ?? Number.NaN]),
      ...this.missRatio.values,
      ...this.tasks.flatMap(({ values }) => values),
    ];
  }
}

/** The weighted acceptance of cells that differ in the weight alone. */
export class Weighted {
  private readonly sums = new Map<string, { weights: number; products: number }>();

  constructor(private readonly weigh: number) {}

  /** Takes note of a cell. */
  add(axes: readonly number[], acceptance: number): void {
    const weight = axes[this.weigh];
    if (Number.isNaN(weight)) return;
    const key = this.keyOf(axes);
    const sums = this.sums.get(key) ?? { weights: 0, products: 0 };
    sums.weights += weight;
    sums.products += weight * acceptance;
    this.sums.set(key, sums);
  }

  /** Of the cells like this one; NaN where weights come to 0. */
  of(axes: readonly number[]): number {
    const { weights, products } = this.sums.get(this.keyOf(axes)) ?? { weights: 0, products: 0 };
    return weights === 0 ? Number.NaN : products / weights;
  }

  private keyOf(axes: readonly number[]): string {
    return axes.filter((_, axis) => axis !== this.weigh).join();
  }
}
