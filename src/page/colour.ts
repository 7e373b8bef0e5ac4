// Colours of maps. Each scale grows darker as values grow, so that it reads in grey and with any colour vision; where
// nothing was missed stands blue, and misses go from yellow to dark red, which nobody takes for blue.

/** red, green, blue, 0 to 255 each */
export type Colour = readonly [number, number, number];

const MISSES: readonly Colour[] = [
  [254, 232, 160],
  [247, 178, 76],
  [222, 108, 32],
  [164, 52, 24],
  [84, 16, 22],
];
const VALUES: readonly Colour[] = [
  [228, 240, 232],
  [142, 203, 206],
  [62, 148, 186],
  [38, 88, 152],
  [24, 34, 88],
];
/** Of a verdict: no, yes, unknown. */
export const VERDICT_COLOURS: readonly Colour[] = [
  [230, 159, 0],
  [92, 160, 214],
  [176, 182, 190],
];
export const MET_COLOUR: Colour = [92, 160, 214];
export const NO_RESULT_COLOUR: Colour = [128, 128, 128];

/** The colour of a share of misses above 0, up to 1. */
export function missColour(share: number): Colour {
  return between(MISSES, share);
}

/** The colour of a value from 0, the least, to 1, the greatest. */
export function valueColour(share: number): Colour {
  return between(VALUES, share);
}

/** A text of a column, by its index. */
export function textColour(index: number, count: number): Colour {
  return between(VALUES, count < 2 ? 0.5 : index / (count - 1));
}

function between(stops: readonly Colour[], share: number): Colour {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(at));
  const [a, b] = [stops[low], stops[low + 1]];
  const part = (index: 0 | 1 | 2) => Math.round(a[index] + (b[index] - a[index]) * (at - low));
  return [part(0), part(1), part(2)];
}

export function cssColour([red, green, blue]: Colour): string {
  return `rgb(${red},${green},${blue})`;
}
