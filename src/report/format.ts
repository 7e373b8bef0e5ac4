// Numbers, durations and tables as text.

import stringWidth from "string-width";

/** At most `digits` significant digits, without closing zeros: `0.791667`, `12`, `1e-9`. */
export function formatNumber(value: number, digits = 6): string {
  return String(Number(value.toPrecision(digits)));
}

/** A value as it is in the tables: one that is rounded may be another value of its axis, which misses where this one does not. */
export function exactNumber(value: number): string {
  return String(value);
}

/** Labels of ascending values with as few digits as tell them apart, and no fewer than `digits`. */
export function labelsOf(values: readonly number[], digits: number): string[] {
  const differ = (labels: readonly string[]) =>
    values.every((value, i) => i === 0 || value === values[i - 1] || labels[i] !== labels[i - 1]);
  for (let more = digits; more < 17; more++) {
    const labels = values.map((value) => formatNumber(value, more));
    if (differ(labels)) return labels;
  }
  return values.map(exactNumber);
}

/** A share in percent with three digits; `more than 99.9 %` where they would make a whole of it. */
export function percentText(part: number, whole: number): string {
  const text = formatNumber((100 * part) / whole, 3);
  return `${text === "100" && part < whole ? "more than 99.9" : text} %`;
}

/** `0.25 ms`, `5 ticks`, `1 tick`. */
export function formatTime(time: number, unit: string, digits = 12): string {
  const plural = unit === "tick" && time !== 1 ? "s" : "";
  return `${formatNumber(time, digits)} ${unit}${plural}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function formatList(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** `0.35 s`, `12.3 s`, `4 min 05 s`, `3 h 07 min`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/**
 * Lines of a table with aligned columns, as wide as a terminal draws them: a Chinese character takes two places, an accent
 * that is put on a letter none.
 * @param rows texts, the head among them
 * @param right which columns are aligned to the right
 */
export function alignColumns(rows: readonly (readonly string[])[], right: readonly boolean[]): string[] {
  const widths = rows.map((row) => row.map((text) => stringWidth(text)));
  const widest = right.map((_, column) => Math.max(...widths.map((row) => row[column])));
  return rows.map((row, index) =>
    row
      .map((text, column) => {
        const blanks = " ".repeat(widest[column] - widths[index][column]);
        return right[column] ? blanks + text : text + blanks;
      })
      .join("  ")
      .trimEnd(),
  );
}
