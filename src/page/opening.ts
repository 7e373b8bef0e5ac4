// Which axes a map is over when a page is opened.

import type { Bins } from "./bins.js";

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
