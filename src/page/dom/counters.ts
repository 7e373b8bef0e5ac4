// The counters of a run: a column for the whole of it, for each CPU, server, VCPU and task, a row a counter.

import { titleOf } from "../bins.js";
import type { PageTableInfo } from "../content.js";
import { type Value, valueText } from "../table.js";
import { element } from "./elements.js";
import { setText } from "./patch.js";
import type { RunRows } from "./source.js";

/** A column: whose row of which table. */
interface Owner {
  readonly table: number;
  readonly row: number;
  readonly server: string;
  readonly task: string;
  readonly vcpu: string;
  readonly cpu: string;
}

export class CounterTable {
  readonly root = element("table", { id: "counters" });
  private cells: { readonly at: readonly [table: number, row: number, column: number]; readonly cell: HTMLElement }[] =
    [];
  private owners = "";

  constructor(private readonly tables: readonly PageTableInfo[]) {}

  show(rows: RunRows): void {
    const owners = this.ownersOf(rows);
    const key = JSON.stringify(owners);
    if (key !== this.owners) this.build(owners);
    this.owners = key;
    for (const { at, cell } of this.cells) {
      const [table, row, column] = at;
      setText(cell, valueText(rows[table][row][column]));
    }
  }

  private ownersOf(rows: RunRows): Owner[] {
    const name = (table: number, row: readonly Value[], column: string) => {
      const index = this.tables[table].columns.findIndex((candidate) => candidate.name === column);
      return index < 0 ? "" : String(row[index]);
    };
    const owners = this.tables.flatMap((_, table) =>
      rows[table].map((row, index) => ({
        table,
        row: index,
        server: name(table, row, "server"),
        task: name(table, row, "task"),
        vcpu: name(table, row, "vcpu"),
        cpu: name(table, row, "cpu"),
      })),
    );
    const inServers = owners.filter(({ vcpu, task }) => vcpu !== "" || task !== "");
    // VCPUs and tasks stand behind their server, VCPUs first.
    return [
      ...owners.filter(({ server }) => server === ""),
      ...owners
        .filter(({ table }) => table === 1)
        .flatMap(({ server, ...more }) => {
          const inside = inServers.filter((one) => one.server === server);
          const [tasks, vcpus] = [inside.filter(({ task }) => task !== ""), inside.filter(({ vcpu }) => vcpu !== "")];
          return [{ server, ...more }, ...vcpus, ...tasks];
        }),
    ];
  }

  private build(owners: readonly Owner[]): void {
    this.cells = [];
    const metrics = this.tables.flatMap(({ columns }) => columns.filter(({ role }) => role === "metric"));
    const counters = [...new Map(metrics.map((column) => [column.name, column])).values()];
    const heads = owners.map(({ server, task, vcpu, cpu }) => {
      const part = cpu === "" ? "the whole run" : `CPU ${cpu}`;
      const inside = task !== "" ? `${server} / ${task}` : vcpu !== "" ? `${server}.${vcpu}` : server;
      const text = inside === "" ? part : inside;
      return element("th", { scope: "col", class: "number" }, text);
    });
    const head = element("tr", {}, element("th", { scope: "col" }, "counter"), ...heads);
    const lines = counters.map((column) =>
      element(
        "tr",
        {},
        element("th", { scope: "row", title: this.meaning(column.name) }, titleOf(column)),
        ...owners.map((owner) => this.cell(owner, column.name)),
      ),
    );
    this.root.replaceChildren(element("thead", {}, head), element("tbody", {}, ...lines));
  }

  /** What a counter says; where it is another thing in each table, of each. */
  private meaning(counter: string): string {
    const own = this.tables.flatMap(({ name, columns }) =>
      columns
        .filter((column) => column.name === counter && column.role === "metric")
        .map(({ description }) => ({ name, description })),
    );
    const isOne = own.every(({ description }) => description === own[0].description);
    return isOne ? own[0].description : own.map(({ name, description }) => `${name}: ${description}`).join("\n");
  }

  private cell({ table, row, server, task, vcpu, cpu }: Owner, counter: string): HTMLElement {
    const { columns } = this.tables[table];
    const index = columns.findIndex(({ name, role }) => name === counter && role === "metric");
    if (index < 0) return element("td", {});
    const cell = element("td", {
      title: columns[index].description,
      class: columns[index].type === "dictionary" ? "text" : "number",
      "data-server": server,
      "data-task": task,
      "data-vcpu": vcpu,
      "data-cpu": cpu,
      "data-counter": counter,
    });
    this.cells.push({ at: [table, row, index], cell });
    return cell;
  }
}
