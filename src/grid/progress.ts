// How far laying out a grid has come: grids of many cells take a while.

/**
 * Called every PROGRESS_CELLS cells.
 * @param what is done with them: the first walk counts, the second one checks
 * @param cells so far
 */
export type Progress = (what: "counted" | "checked", cells: number) => void;

/** A few milliseconds of work. */
export const PROGRESS_CELLS = 65_536;
