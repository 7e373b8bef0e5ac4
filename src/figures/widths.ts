// The widths of lines that may coincide: those drawn first are wider, so that all are seen.

/** Of the line that is drawn last, and by how much wider the first may be, in CSS pixels. */
const WIDTH = 1.75;
const WIDER_MAX = 3.6;
const WIDER_STEP = 1.5;

/** The widths of so many lines, the one drawn first first. */
export function lineWidths(count: number): number[] {
  const last = count - 1;
  const step = Math.min(WIDER_STEP, WIDER_MAX / Math.max(1, last));
  return Array.from({ length: count }, (_, index) => WIDTH + step * (last - index));
}
