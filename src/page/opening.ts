// What is seen when a page is opened: the axes of its map, and a run.

import { dearer } from "../report/cheapest.js";
import type { Answer } from "./answer.js";
import { axisValueText, type Bins, placeText } from "./bins.js";
import type { PageContent } from "./content.js";

/**
 * Names of the axes that have more than one value: first the one across, then the one up. Numbers come before texts, of these
 * the ones that servers are set by. Of a search the axis that is searched goes up, over the one of the most values: so the
 * boundary is on the map.
 * @param axes of the sweep
 * @param conditions names of the axes that no server is set by
 * @param searched name of the axis that is searched, if one is
 */
export function openingAxes(axes: readonly Bins[], conditions: readonly string[], searched?: string): string[] {
  const rank = ({ column, name }: Bins) => (column.texts !== undefined ? 2 : conditions.includes(name) ? 1 : 0);
  const varying = axes.filter(({ count }) => count > 1).sort((a, b) => rank(a) - rank(b));
  const up = varying.find(({ name }) => name === searched);
  if (up === undefined) return varying.map(({ name }) => name);
  const [across, ...others] = varying.filter((bins) => bins !== up).sort((a, b) => b.count - a.count);
  return [...(across === undefined ? [] : [across]), up, ...others].map(({ name }) => name);
}

/**
 * The cell whose run is shown first: the cheapest configuration on the map, where there is one; of a search what it found.
 * @param held value of each axis that the map is held at
 */
export function openingCell(
  { firstCell, inside, search }: Pick<PageContent, "firstCell" | "inside" | "search">,
  answer: Answer | undefined,
  held: ReadonlyMap<string, number>,
): number {
  if (search !== undefined) return search.cells.find((cell) => cell !== null) ?? firstCell;
  if (answer === undefined) return firstCell;
  const texts = inside.flatMap((column) => {
    const value = held.get(column.name);
    return value === undefined ? [] : [{ column, text: axisValueText(column, value) }];
  });
  const policy = texts.find(({ column }) => column.name === answer.axis)?.text;
  const given = texts.flatMap(({ column, text }) =>
    answer.conditions.includes(column.name) ? [placeText(column, text)] : [],
  );
  const found = answer.policies.flatMap(({ simulated, ...own }) => {
    const isHeld = (policy === undefined || own.policy === policy) && given.every((text) => own.given.includes(text));
    return simulated === undefined || !isHeld ? [] : [simulated];
  });
  return found.sort(dearer)[0]?.cell ?? firstCell;
}
