// What the budgets of a cell ask of the CPU.

import * as abi from "../../assembly/abi.js";
import { serverAt } from "../model/fields.js";
import { ratioSum } from "../numbers/ratio.js";
import { openCursor } from "./cells.js";
import type { OpenSweep } from "./open.js";

/** Sum of budget / period of a cell's topmost servers. */
export class Bandwidth {
  private readonly budgets = new Float64Array(abi.SERVERS_MAX);
  private readonly periods = new Float64Array(abi.SERVERS_MAX);
  /** Of the servers that have a budget. */
  ofBudgets = 0;
  /** Numbers of the servers that have none. */
  readonly without: number[] = [];

  /** Of all servers; NaN, which is null, when one of them has no budget. */
  get value(): number {
    return this.without.length > 0 ? Number.NaN : this.ofBudgets;
  }

  read(flat: Float64Array): void {
    this.without.length = 0;
    let count = 0;
    for (let server = 0; server < flat[abi.IN_HEADER_SERVERS]; server++) {
      const at = serverAt(server);
      if (flat[at + abi.IN_SERVER_PARENT] !== abi.ABSENT) continue; // it runs in the time of the server that it is in
      if (flat[at + abi.IN_SERVER_BUDGET] === abi.ABSENT) this.without.push(server);
      else {
        this.budgets[count] = flat[at + abi.IN_SERVER_BUDGET];
        this.periods[count++] = flat[at + abi.IN_SERVER_PERIOD];
      }
    }
    this.ofBudgets = ratioSum(this.budgets, this.periods, count);
  }
}

/** The budgets of a cell. */
export interface CellBudgets {
  /** Sum of budget / period of the servers that have a budget; undefined where none has. */
  readonly bandwidth: number | undefined;
  /** Names of the servers that have none. */
  readonly without: readonly string[];
}

/** What the budgets of each cell are; asked for cells in ascending order. */
export function cellBudgets({ sweep, plan }: OpenSweep): (cell: number) => CellBudgets {
  const cursor = openCursor(sweep, plan);
  const bandwidth = new Bandwidth();
  return (cell) => {
    if (cursor.cell < 0) cursor.seek(cell);
    while (cursor.cell < cell && cursor.next());
    bandwidth.read(cursor.flat);
    const { names } = cursor.shape;
    const without = bandwidth.without.map((server) => names[server].name);
    return { bandwidth: without.length === names.length ? undefined : bandwidth.ofBudgets, without };
  };
}

/** The same for a sweep that is opened only if a cell is asked for at all. */
export function cellBudgetsOf(open: () => OpenSweep): (cell: number) => CellBudgets {
  let budgetsOf: ((cell: number) => CellBudgets) | undefined;
  return (cell) => {
    budgetsOf ??= cellBudgets(open());
    return budgetsOf(cell);
  };
}
