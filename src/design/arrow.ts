// The curves of a design as one Arrow table: a row a server and period.

import { tableBytes } from "../arrow/row-writer.js";
import type { Column } from "../tables/columns.js";
import type { DesignPoint, DesignResult } from "./result.js";

const COLUMNS: readonly { name: keyof DesignPoint; isTime: boolean; description: string }[] = [
  { name: "period", isTime: true, description: "server period" },
  { name: "budget", isTime: true, description: "least budget with which the guest is sure to keep its deadlines" },
  { name: "bandwidth", isTime: false, description: "budget / period" },
  { name: "bandwidth_with_switch", isTime: false, description: "(budget + cost of a switch) / period" },
  { name: "blackout", isTime: true, description: "longest time that the guest may be without supply" },
];

/** The bytes of an Arrow IPC file (uncompressed): equal results give equal bytes. */
export function curveTable({ name, unit, servers, switch: switchCost }: DesignResult): Uint8Array {
  const texts = servers.map((server) => server.name);
  const columns: Column[] = [
    { name: "server", type: "dictionary", role: "id", description: "server", nullable: false, texts },
    ...COLUMNS.map(({ name: column, isTime, description }): Column => {
      const own = { name: column, description, unit: isTime ? unit : "1" };
      return { ...own, type: "float64", role: "metric", nullable: true };
    }),
  ];
  const metadata = new Map([
    ["design", name],
    ["unit", unit],
    ["switch", String(switchCost)],
  ]);
  const rows = servers.flatMap(({ curve }, server) =>
    curve.map((point) => [server, ...COLUMNS.map((column) => point[column.name] ?? Number.NaN)]),
  );
  return tableBytes({ name: "curves", columns }, metadata, rows);
}
