// The stretch of a run that its picture shows.

/** In steps of the run's resolution, which are whole. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** What there is to see of a run. */
export interface Extent {
  /** End of the run, and what is worth looking at first, in steps. */
  readonly horizon: number;
  readonly first: number;
  /** One step, in the unit of the sweep. */
  readonly step: number;
}

/** A window of a run that is shown. */
export interface Seen {
  readonly extent: Extent;
  readonly window: Window;
}

/** Steps that are shown at least. */
const LEAST = 4;

/** The window of whole steps within a run that is nearest to two times. */
export function windowWithin({ horizon }: Extent, from: number, to: number): Window {
  const span = Math.min(horizon, Math.max(LEAST, Math.round(to - from)));
  const start = Math.max(0, Math.min(horizon - span, Math.round(from)));
  return { from: start, to: start + span };
}

/** The window of a run that is shown after another: where it was, if the run is as long; else what is seen at first. */
export function windowAfter(extent: Extent, before: Seen | undefined): Window {
  const isLike = before !== undefined && before.extent.horizon * before.extent.step === extent.horizon * extent.step;
  if (!isLike) return windowWithin(extent, 0, extent.first);
  const scale = before.extent.step / extent.step;
  return windowWithin(extent, before.window.from * scale, before.window.to * scale);
}
