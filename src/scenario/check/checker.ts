// How a rule looks at the numbers of one record of a flat scenario, and how it says what is wrong.

import * as abi from "../../../assembly/abi.js";
import type { Field } from "../../model/fields.js";

/** Where a problem stands: which record, which of them, and the field's name ("" is the record as a whole). */
export interface Place {
  readonly record: "run" | "host" | "server" | "task" | "window" | "job" | "observed" | "part";
  /**
   * Number of the server, task, window (of the table first, then across all servers), job, observed execution time or part
   * (across all tasks); 0 for run and host.
   */
  readonly index: number;
  readonly field: string;
}

/** Writes a time (in ticks or steps) as the reader of the message wrote it. */
export type ShowTime = (steps: number) => string;

/** Called for every broken rule; `text` says the value, what is allowed and why. */
export type Report = (place: Place, text: (show: ShowTime) => string) => void;

/** Bounds one number of a record; what is absent or was refused before passes. */
export class Checker {
  constructor(
    private readonly flat: Float64Array,
    private readonly at: number,
    private readonly record: Place["record"],
    private readonly index: number,
    private readonly report: Report,
  ) {}

  value(slot: number): number {
    return this.flat[this.at + slot];
  }

  has(slot: number): boolean {
    return this.value(slot) !== abi.ABSENT;
  }

  say(field: string, text: (show: ShowTime) => string): void {
    this.report({ record: this.record, index: this.index, field }, text);
  }

  /** Every number at least its field's minimum (2^53 - 1 at most is ensured where numbers are read). */
  minima(fields: readonly Field[]): void {
    const { flat, at } = this;
    const numbers = numbersOf(fields);
    for (let i = 0; i < numbers.length; i++) {
      const field = numbers[i];
      const value = flat[at + field.slot];
      if (value < field.min && value !== abi.ABSENT) this.tooSmall(field, value);
    }
  }

  private tooSmall(field: Field, value: number): void {
    this.say(field.name, (show) => `${write(field, value, show)} is less than ${field.min}, the least that is allowed`);
  }

  required(field: string, slot: number, why = "it has no default"): void {
    if (!this.has(slot)) this.say(field, () => `is missing; ${why}`);
  }

  /** A field that would have no effect is an error, not ignored. */
  unused(field: string, slots: number | readonly number[], why: string): void {
    const isGiven = typeof slots === "number" ? this.isGiven(slots) : slots.some((slot) => this.isGiven(slot));
    if (isGiven) this.say(field, () => `means nothing ${why}`);
  }

  /** Whether there is a number that was not refused before. */
  isGiven(slot: number): boolean {
    const value = this.value(slot);
    return value !== abi.ABSENT && !Number.isNaN(value);
  }

  atMost(field: string, slot: number, limit: number, limitText: (show: ShowTime) => string): void {
    const value = this.value(slot);
    if (value !== abi.ABSENT && limit !== abi.ABSENT && value > limit) {
      this.say(field, (show) => `${show(value)} ${limitText(show)}`);
    }
  }

  atLeast(field: string, slot: number, limit: number, limitText: (show: ShowTime) => string): void {
    const value = this.value(slot);
    if (value !== abi.ABSENT && limit !== abi.ABSENT && value < limit) {
      this.say(field, (show) => `${show(value)} ${limitText(show)}`);
    }
  }
}

/** The same function, whose results are kept: it is asked the same in every cell. */
export function kept<Key, Result extends object>(make: (key: Key) => Result): (key: Key) => Result {
  const results = new Map<Key, Result>();
  return (key) => {
    const known = results.get(key) ?? make(key);
    results.set(key, known);
    return known;
  };
}

/** The fields that are times or counts. */
const numbersOf = kept((fields: readonly Field[]) => fields.filter(({ kind }) => kind === "time" || kind === "count"));

function write(field: Field, value: number, show: ShowTime): string {
  return field.kind === "time" ? show(value) : String(value);
}

/** `a`, `a or b`, `a, b or c`. */
export function oneOf(names: readonly string[]): string {
  return listed(names, "or");
}

/** `a, b LAST c`. */
export function listed(names: readonly string[], last: string): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${last} ${names.at(-1)}`;
}

/** `only cbs has it`, `only idling and polling have them`. */
export function onlyThese(names: readonly string[], field: string): string {
  return `only ${listed(names, "and")} ${names.length === 1 ? "has" : "have"} ${field === "windows" ? "them" : "it"}`;
}
