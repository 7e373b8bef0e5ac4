// Rows that belong together, and what is known of them.

import type { Value } from "./rows.js";

/** Groups by their values, in the order in which they came. */
export class Groups<T> {
  private readonly groups = new Map<string, { readonly key: readonly Value[]; readonly of: T }>();

  constructor(private readonly make: () => T) {}

  /** The group with these values. */
  at(...key: Value[]): T {
    const text = key.map((value) => `${typeof value}${value}`).join("\u0000");
    let group = this.groups.get(text);
    if (group === undefined) {
      group = { key, of: this.make() };
      this.groups.set(text, group);
    }
    return group.of;
  }

  get all(): { readonly key: readonly Value[]; readonly of: T }[] {
    return [...this.groups.values()];
  }

  get size(): number {
    return this.groups.size;
  }
}

/** Mean, least and greatest of some numbers; nulls are left out. */
export class Spread {
  count = 0;
  private sum = 0;
  least = Number.POSITIVE_INFINITY;
  greatest = Number.NEGATIVE_INFINITY;

  add(value: number | null): void {
    if (value === null) return;
    this.count++;
    this.sum += value;
    this.least = Math.min(this.least, value);
    this.greatest = Math.max(this.greatest, value);
  }

  /** All that another one was given. */
  take(other: Spread): void {
    this.count += other.count;
    this.sum += other.sum;
    this.least = Math.min(this.least, other.least);
    this.greatest = Math.max(this.greatest, other.greatest);
  }

  get mean(): number | null {
    return this.count === 0 ? null : this.sum / this.count;
  }
}

/** Numbers ascending, then texts in their given order; nulls last. */
export function ordered(values: Iterable<Value>, texts: readonly string[] = []): Value[] {
  const rank = (value: Value) => (typeof value === "number" ? 0 : value === null ? 2 : 1);
  return [...new Set(values)].sort((a, b) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    if (typeof a === "number" && typeof b === "number") return a - b;
    return texts.indexOf(String(a)) - texts.indexOf(String(b));
  });
}

/** A value as a text for people: `0.25`, `idling`, `none`. */
export function textOf(value: Value): string {
  if (value === null) return "none";
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : value;
}
