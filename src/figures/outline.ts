// The line between places for which something is true and those for which it is not.

import type { Spec } from "./figure.js";
import { textOf } from "./groups.js";
import type { Places } from "./places.js";
import type { Value } from "./rows.js";

interface Placed<T> {
  /** Picture, place across, place up. */
  readonly key: readonly Value[];
  readonly of: T;
}

/**
 * Straight lines, as long as they can be, between neighbours of one picture of which `isIn` is true for one alone.
 * @param placed the places that are there; between those that are not there is no line
 */
export function outline<T>(placed: readonly Placed<T>[], x: Places, y: Places, isIn: (of: T) => boolean): Spec[] {
  const facets = [...new Set(placed.map(({ key }) => key[0]))];
  return facets.flatMap((facet) => {
    const inside = new Map(
      placed.filter(({ key }) => key[0] === facet).map(({ key, of }) => [`${key[1]} ${key[2]}`, isIn(of)]),
    );
    const differ = (a: string, b: string) => inside.has(a) && inside.has(b) && inside.get(a) !== inside.get(b);
    const upright = runsOf(x.size - 1, y.size, (i, j) => differ(`${i} ${j}`, `${i + 1} ${j}`));
    const level = runsOf(y.size - 1, x.size, (j, i) => differ(`${i} ${j}`, `${i} ${j + 1}`));
    const name = textOf(facet);
    return [
      ...upright.map(({ at, from, to }) => {
        const across = x.extent(at).to;
        return { facet: name, x: across, x2: across, y: y.extent(from).from, y2: y.extent(to).to };
      }),
      ...level.map(({ at, from, to }) => {
        const up = y.extent(at).to;
        return { facet: name, x: x.extent(from).from, x2: x.extent(to).to, y: up, y2: up };
      }),
    ];
  });
}

interface Run {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** The longest stretches along which something holds, for each of `lines` lines. */
function runsOf(lines: number, length: number, holds: (line: number, place: number) => boolean): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < lines; at++) {
    for (let from = 0; from < length; from++) {
      if (!holds(at, from)) continue;
      let to = from;
      while (to + 1 < length && holds(at, to + 1)) to++;
      runs.push({ at, from, to });
      from = to;
    }
  }
  return runs;
}
