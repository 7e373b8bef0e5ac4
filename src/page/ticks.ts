// Round numbers for the axes of a chart.

/** About `count` round numbers from the least to the greatest, both included where they are round. */
export function ticks(least: number, greatest: number, count: number): number[] {
  if (!(greatest > least)) return [least];
  const step = roundStep((greatest - least) / Math.max(1, count));
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(greatest / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** The least of 1, 2 and 5 times a power of ten that is not below a step. */
function roundStep(step: number): number {
  let power = 1;
  while (power * 10 <= step) power *= 10;
  while (power > step) power /= 10;
  return (([1, 2, 5, 10] as const).find((factor) => factor * power >= step * (1 - 1e-9)) ?? 10) * power;
}
