// Lines of comma separated values -> cells with their columns.

/** A value of a line. */
export interface TableCell {
  readonly text: string;
  /** Where it begins, counted from 1. */
  readonly column: number;
  /** Whether it begins with a quote and does not end with one. */
  readonly isOpen: boolean;
}

/** What separates the values of a table, by its first line. */
export function separatorOf(line: string): string {
  return line.includes(";") && !line.includes(",") ? ";" : line.includes("\t") && !line.includes(",") ? "\t" : ",";
}

/** The values of a line; one in quotes may hold the separator, and quotes twice. */
export function cellsOf(line: string, separator: string): TableCell[] {
  const cells: TableCell[] = [];
  for (let from = 0; ; ) {
    const rest = line.slice(from);
    const column = from + rest.search(/[^ ]|$/) + 1;
    const whole = /^ *"((?:[^"]|"")*)" */.exec(rest);
    const end = rest.indexOf(separator);
    const quoted = whole !== null && isEnd(rest, whole[0].length, separator) ? whole : null;
    const length = quoted !== null ? quoted[0].length : end < 0 ? rest.length : end;
    const text = quoted !== null ? quoted[1].replaceAll('""', '"') : rest.slice(0, length).trim();
    cells.push({ text, column, isOpen: quoted === null && text.startsWith('"') });
    if (length === rest.length) return cells;
    from += length + separator.length;
  }
}

function isEnd(text: string, at: number, separator: string): boolean {
  return at === text.length || text.startsWith(separator, at);
}
