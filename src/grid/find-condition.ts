// The condition of `find`, over the columns that the tables of the plan will have.

import type { Sweep } from "../sweep/sweep.js";
import { ColumnCondition, unitTick } from "../tables/condition.js";
import type { TableShape } from "../tables/shape.js";

/** @throws Refused when the condition cannot be read */
export function findCondition(sweep: Sweep, shape: TableShape): ColumnCondition {
  return new ColumnCondition(sweep.find!.condition.text, shape, unitTick(shape.unit.name, sweep.tick));
}
