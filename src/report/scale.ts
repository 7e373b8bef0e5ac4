// From the values of an axis to the rows or columns of a map.

/** Above this many different values an axis is cut into equal distances instead of being listed. */
const LISTED_MAX = 65_536;

/** Collects the different values of an axis. */
export class ScaleValues {
  private readonly listed = new Set<number>();
  private least = Number.POSITIVE_INFINITY;
  private greatest = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    if (this.listed.size < LISTED_MAX) this.listed.add(value);
    this.least = Math.min(this.least, value);
    this.greatest = Math.max(this.greatest, value);
  }

  get count(): number {
    return this.listed.size;
  }

  /** @param most bins that there is room for */
  scale(most: number): Scale {
    if (this.count === LISTED_MAX) return equalDistances(this.least, this.greatest, most);
    return equalCounts(
      [...this.listed].sort((a, b) => a - b),
      most,
    );
  }
}

/** The bins of an axis, from the least value to the greatest. */
export interface Scale {
  /** The least value of each bin. */
  readonly starts: readonly number[];
  /** `2 values a column`; undefined when each value has a bin of its own. */
  readonly grouping: string | undefined;
  bin(value: number): number;
}

function equalCounts(values: readonly number[], most: number): Scale {
  const perBin = Math.ceil(values.length / most);
  const bins = new Map(values.map((value, index) => [value, Math.floor(index / perBin)]));
  return {
    starts: values.filter((_, index) => index % perBin === 0),
    grouping: perBin === 1 ? undefined : `${perBin} values`,
    bin: (value) => bins.get(value)!,
  };
}

function equalDistances(least: number, greatest: number, bins: number): Scale {
  const width = (greatest - least) / bins;
  return {
    starts: Array.from({ length: bins }, (_, bin) => least + bin * width),
    grouping: `a ${bins}th of the range`,
    bin: (value) => Math.min(bins - 1, Math.floor((value - least) / width)),
  };
}
