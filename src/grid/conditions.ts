// Which axes are a choice of who sets up the servers, and which are a condition that they have to be set up for.

import type { Sweep } from "../sweep/sweep.js";
import { axesOf } from "./dependence.js";

/** The fields that a server is set up by. */
const CHOSEN: readonly string[] = ["policy", "period", "budget"];

/** The names of the axes on which no policy, period or budget of a server depends, nor an axis that varies together with it. */
export function conditionsOf({ axes, fields }: Pick<Sweep, "axes" | "fields">): string[] {
  const chosen = fields.filter(({ record, field }) => record === "server" && CHOSEN.includes(field.name));
  const choices = new Set(chosen.flatMap(({ value }) => axesOf(value)).map((axis) => axes[axis].follows ?? axis));
  return axes.flatMap(({ name, follows }, axis) => (choices.has(follows ?? axis) ? [] : [name]));
}
