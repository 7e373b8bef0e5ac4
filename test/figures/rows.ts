// Rows of a table made by hand.

import type { Rows } from "../../src/figures/index.js";
import type { Column } from "../../src/tables/columns.js";
import { floats, halves, indices, setValid, setWhole, VALUE_BYTES } from "../../src/tables/memory.js";

export const axis = (name: string, unit = "1"): Column => ({
  ...{ name, type: "float64", role: "axis", unit, description: `axis ${name}`, nullable: false },
});
export const textAxis = (name: string, texts: readonly string[]): Column => ({
  ...{ name, type: "dictionary", role: "axis", description: `axis ${name}`, nullable: false, texts },
});
export const number = (name: string, unit = "1"): Column => ({
  ...{ name, type: "float64", role: "metric", unit, description: name, nullable: true },
});
export const count = (name: string): Column => ({
  ...{ name, type: "int64", role: name === "cell" ? "id" : "metric", unit: "1", description: name, nullable: true },
});
export const verdict: Column = {
  ...{ name: "schedulable", type: "dictionary", role: "metric", description: "verdict", nullable: true },
  texts: ["false", "true", "unknown"],
};

/** One piece of a table. @param values of each row, in the order of the columns */
export function rowsOf(described: readonly Column[], values: readonly (readonly (number | string | null)[])[]): Rows {
  const columns = described.map(({ type, texts }, index) => {
    const bytes = new Uint8Array(values.length * VALUE_BYTES[type]);
    const column = { values: bytes, validity: new Uint8Array(Math.ceil(values.length / 8)) };
    values.forEach((row, at) => {
      const value = row[index];
      if (value === null) return;
      setValid(column, at);
      if (type === "dictionary") indices(column)[at] = texts!.indexOf(String(value));
      else if (type === "float64") floats(column)[at] = Number(value);
      else setWhole(halves(column), at, Number(value));
    });
    return column;
  });
  return { rows: values.length, described, columns };
}

export const HOSTILE = '<script>alert("1")</script>&\u0007';
/** The columns of cells, with a policy as an axis. */
export function columnsOf(policies: readonly string[]): Column[] {
  return [
    count("cell"),
    textAxis("policy", policies),
    axis("P", "ms"),
    axis("Q"),
    number("miss_ratio"),
    count("unjudged"),
    number("bandwidth"),
    count("switches"),
    verdict,
  ];
}

/** P 1 and 2, Q 1 to 3: nothing is missed from Q = 2 on, which is guaranteed at 3. */
export function gridOf(policies: readonly string[]): Rows {
  const values = policies.flatMap((policy, p) =>
    [1, 2].flatMap((P, i) =>
      [1, 2, 3].map((Q, j) => [
        p * 6 + i * 3 + j,
        policy,
        P,
        Q,
        Q === 1 ? 0.25 : 0,
        0,
        Q / 4,
        10 - Q,
        Q === 3 ? "true" : "false",
      ]),
    ),
  );
  return rowsOf(columnsOf(policies), values);
}

export const ROWS = gridOf(["idling", HOSTILE]);
export const SOURCE = { sweep: "a & b", plan: "0123456789abcdef", kernel: "k" };
