// The line between the squares that have a property and their neighbours that do not.

import { MET, type Squares } from "./squares.js";

/** A line along the edges of squares: corners, in squares from the top left. */
export type Line = readonly (readonly [x: number, y: number])[];

/** The lines of a map. */
export interface Boundaries {
  /** Around what is without a miss, by simulation, and around what the analysis guarantees. */
  readonly simulated: readonly Line[];
  readonly bounded: readonly Line[];
}

export function boundariesOf(squares: Squares): Boundaries {
  const { width, height, runs, standing } = squares;
  const around = (has: (place: number) => boolean) =>
    boundary(width, height, (column, line) => {
      const at = (height - 1 - line) * width + column;
      return runs[at] === 0 ? undefined : has(at);
    });
  return { simulated: around((at) => standing[at] === MET), bounded: around((at) => squares.isGuaranteed(at)) };
}

/**
 * The lines between two kinds of squares; where there is no square, or at the rim, there is none.
 * @param has whether a square has the property; undefined where there is no square
 */
export function boundary(
  width: number,
  height: number,
  has: (column: number, line: number) => boolean | undefined,
): Line[] {
  const edges: Line[] = [];
  const differ = (a: boolean | undefined, b: boolean | undefined) => a !== undefined && b !== undefined && a !== b;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const here = has(x, y);
      if (x + 1 < width && differ(here, has(x + 1, y))) edges.push(edge(x + 1, y, x + 1, y + 1));
      if (y + 1 < height && differ(here, has(x, y + 1))) edges.push(edge(x, y + 1, x + 1, y + 1));
    }
  }
  return joined(edges);
}

function edge(x1: number, y1: number, x2: number, y2: number): Line {
  return [
    [x1, y1],
    [x2, y2],
  ];
}

/** Edges that touch become one line. */
function joined(edges: readonly Line[]): Line[] {
  const key = ([x, y]: readonly [number, number]) => `${x} ${y}`;
  const at = new Map<string, number[]>();
  edges.forEach((line, index) => {
    for (const corner of line) at.set(key(corner), [...(at.get(key(corner)) ?? []), index]);
  });
  const used = new Set<number>();
  const follow = (start: readonly [number, number]): Line => {
    const corners: (readonly [number, number])[] = [];
    for (let corner = start; ; ) {
      const next = at.get(key(corner))!.find((index) => !used.has(index));
      if (next === undefined) return corners;
      used.add(next);
      const [a, b] = edges[next];
      corner = key(a) === key(corner) ? b : a;
      corners.push(corner);
    }
  };
  return edges.flatMap((line, index) => {
    if (used.has(index)) return [];
    used.add(index);
    const [a, b] = line;
    return [[...follow(a).toReversed(), a, b, ...follow(b)]];
  });
}
