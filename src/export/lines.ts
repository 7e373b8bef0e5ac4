// CSV as RFC 4180 has it, and JSON lines: texts, a line a row.

import type { Column } from "../tables/columns.js";
import type { Page, Values } from "./decode.js";
import { PartFile } from "./part-file.js";
import type { Format, Sink } from "./sink.js";

/** Characters that are collected before they are written. */
const BUFFER_LENGTH = 1 << 20;

/** Null is an empty field, which no text of ours is but in quotes. */
export const csv: Format = {
  end: "csv",
  wholes: "number",
  async create(path, columns) {
    const file = await PartFile.create(path);
    const head = `${columns.map(({ name }) => field(name)).join(",")}\r\n`;
    const texts = columns.map(({ texts = [] }) => new Map(texts.map((text) => [text, field(text)])));
    const write = (value: Value, column: number) =>
      value === null ? "" : typeof value === "string" ? (texts[column].get(value) ?? field(value)) : String(value);
    return new LineSink(
      file,
      head,
      columns.map((_, index) => (index === 0 ? "" : ",")),
      write,
      "\r\n",
    );
  },
};

/** Whole numbers beyond 2^53 are written with all their digits. */
export const jsonl: Format = {
  end: "jsonl",
  wholes: "number",
  async create(path, columns) {
    const file = await PartFile.create(path);
    const names = columns.map(({ name }, index) => `${index === 0 ? "{" : ","}${JSON.stringify(name)}:`);
    const write = (value: Value) => (typeof value === "string" ? JSON.stringify(value) : String(value));
    return new LineSink(file, "", names, write, "}\n");
  },
};

type Value = Values[number];

function field(text: string): string {
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

class LineSink implements Sink {
  private text: string;

  /**
   * @param before what stands before each column of a line
   * @param after what stands after the last one
   */
  constructor(
    private readonly file: PartFile,
    head: string,
    private readonly before: readonly string[],
    private readonly show: (value: Value, column: number) => string,
    private readonly after: string,
  ) {
    this.text = head;
  }

  async write({ rows, columns }: Page): Promise<void> {
    const { before, show, after } = this;
    // Most columns say the same in many rows: their text is made once. -0 and 0 are the same value, and the same text.
    const last: Value[] = columns.map(() => null);
    const shown = columns.map((_, column) => before[column] + show(null, column));
    for (let row = 0; row < rows; row++) {
      let line = "";
      for (let column = 0; column < before.length; column++) {
        const value = columns[column][row];
        if (value !== last[column]) {
          last[column] = value;
          shown[column] = before[column] + show(value, column);
        }
        line += shown[column];
      }
      this.text += line + after;
      if (this.text.length > BUFFER_LENGTH) await this.flush();
    }
  }

  private async flush(): Promise<void> {
    await this.file.write(Buffer.from(this.text));
    this.text = "";
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.file.finish();
  }

  async discard(): Promise<void> {
    await this.file.discard();
  }
}

/** What the columns of tables are, for formats that do not say it: one object a table. */
export function describedColumns(tables: ReadonlyMap<string, readonly Column[]>): string {
  const shown = [...tables].map(([name, columns]) => [
    name,
    columns.map(({ name: column, type, unit, description, nullable }) => ({
      name: column,
      type,
      unit,
      description,
      nullable,
    })),
  ]);
  return `${JSON.stringify(Object.fromEntries(shown), null, 2)}\n`;
}
