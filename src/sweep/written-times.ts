// Long lists of plain times in a sweep that is JSON, as its canonical text is, put as tables: these are read as columns, and the
// reader of YAML takes most of a second for each ten thousand maps.

/** Shorter lists are left as they are. */
const ROWS_MIN = 100;

const VALUE = '(\\d[\\d.]*|"\\d[\\d.]*(?:ns|us|ms|s)")';

/** The lists, and the tables that say the same. */
const LISTS = {
  jobs: {
    key: "recorded",
    heads: "at,work",
    item: new RegExp(`\\{"at":${VALUE}(?:,"work":${VALUE})?\\}([,\\]])`, "y"),
  },
  empirical: { key: "empirical", heads: "work", item: new RegExp(`${VALUE}([,\\]])`, "y") },
} as const;

/**
 * The same sweep with tables in place of such lists; what is not in them stays at its place.
 * @param text of a sweep; returned as it is where it is not JSON
 */
export function withTablesForLists(text: string): string {
  if (!text.startsWith("{")) return text;
  const found = [...text.matchAll(/(?<=[{,])"(jobs)":\[|(?<="execution":\{)"empirical":\[/g)];
  // An axis may be called `empirical`, too. In JSON these characters are a key and its list, wherever they are: a quote in a text is escaped.
  if (found.length === 0 || !isJson(text)) return text;
  let result = "";
  let from = 0;
  for (const { 0: begin, 1: jobs, index } of found) {
    const list = listAt(text, index + begin.length, jobs === undefined ? LISTS.empirical : LISTS.jobs);
    if (list === undefined || list.rows < ROWS_MIN || list.table.length > list.end - index) continue;
    result += text.slice(from, index) + list.table.padEnd(list.end - index);
    from = list.end;
  }
  return result + text.slice(from);
}

/** A list of plain times as a table, and where it ends; undefined where something else is in it. */
function listAt(text: string, start: number, { key, heads, item }: (typeof LISTS)[keyof typeof LISTS]) {
  const lines: string[] = [heads];
  let end = start;
  for (let last = ""; last !== "]"; ) {
    item.lastIndex = end;
    const match = item.exec(text);
    if (match === null) return undefined;
    lines.push(match.slice(1, -1).join().replaceAll('"', ""));
    last = match.at(-1)!;
    end = item.lastIndex;
  }
  const table = `"${key}":${JSON.stringify({ file: key, text: lines.join("\n") })}`;
  return { table, end, rows: lines.length - 1 };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
