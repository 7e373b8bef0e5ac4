// Numbers, durations and tables as text.

import stringWidth from "string-width";

/** At most `digits` significant digits, without closing zeros: `0.791667`, `12`, `1e-9`. */
export function formatNumber(value: number, digits = 6): string {
  return String(Number(value.toPrecision(digits)));
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
