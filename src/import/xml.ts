// XML files of other tools as trees of elements that know their lines. The parser expands no entities but the five of XML and
// numbered characters, and loads nothing: a file cannot grow, and cannot reach others.

import { SaxesParser } from "saxes";
import { InvalidInput } from "../input/problem.js";
import { parseNumber, Refused } from "../numbers/durations.js";
import type { ForeignFile } from "./import.js";

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** What stands between its tags, without the space around it. */
  readonly text: string;
  readonly line: number;
}

/** Elements deeper than this are no system of any tool. */
const DEPTH_MAX = 64;

/** The name of the root of an XML file; undefined for what is none. */
export function rootOf(text: string): string | undefined {
  const [, name] =
    /^\uFEFF?\s*(?:<\?[\s\S]*?\?>\s*|<!--[\s\S]*?-->\s*|<!DOCTYPE[^>[]*(?:\[[\s\S]*?\]\s*)?>\s*)*<([A-Za-z_][\w.-]*)/.exec(
      text,
    ) ?? [];
  return name;
}

/** @throws InvalidInput when the file is not well-formed */
export function readXml({ file, text }: ForeignFile): Element {
  const parser = new SaxesParser();
  const open: (Omit<Element, "children" | "text"> & { children: Element[]; text: string })[] = [];
  let root: Element | undefined;
  const refuse = (why: string): never => {
    throw new InvalidInput([{ file, line: parser.line, path: "", text: why }]);
  };
  parser.on("error", (error) => refuse(`not valid XML: ${error.message.replace(/^\d+:\d+: /, "")}`));
  parser.on("opentag", ({ name, attributes }) => {
    if (open.length >= DEPTH_MAX) refuse(`elements are more than ${DEPTH_MAX} deep`);
    open.push({ name, attributes, children: [], text: "", line: parser.line });
  });
  parser.on("text", (piece) => {
    if (open.length > 0) open.at(-1)!.text += piece;
  });
  parser.on("cdata", (piece) => {
    open.at(-1)!.text += piece;
  });
  parser.on("closetag", () => {
    const own = open.pop()!;
    const element = { ...own, text: own.text.trim() };
    if (open.length === 0) root = element;
    else open.at(-1)!.children.push(element);
  });
  parser.write(text).close();
  return root ?? refuse("holds no element");
}

/** The children of that name. */
export function childrenOf(element: Element | undefined, name: string): Element[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The first child of that name. */
export function childOf(element: Element | undefined, name: string): Element | undefined {
  return childrenOf(element, name)[0];
}

/** Reads values of a file, and collects what is wrong with them. */
export class ValueReader {
  private readonly problems: { file: string; line: number; path: string; text: string }[] = [];

  constructor(private readonly file: string) {}

  /** A number of at least 0, as text of a sweep; a problem, and 1, where it is none. */
  number(text: string | undefined, what: string, line: number, isPositive = true): string {
    try {
      if (text === undefined || text === "") throw new Refused("is missing");
      const value = parseNumber(text.trim());
      if (value.s < 0n || (isPositive && value.n === 0n)) throw new Refused(`${text} is not positive`);
      return text.trim().replace(/^\+/, "");
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.say(`${what}: ${error.message}`, line);
      return "1";
    }
  }

  say(text: string, line: number): void {
    this.problems.push({ file: this.file, line, path: "", text });
  }

  /** @throws InvalidInput with every problem */
  throwIfAny(): void {
    if (this.problems.length > 0) throw new InvalidInput(this.problems);
  }
}

/** Whether a number, written in any way, is 0; also where there is none. */
export function isZero(text: string | undefined): boolean {
  return text === undefined || text.trim() === "" || Number(text) === 0;
}

/** A priority as a sweep has it, where the greater number is the more urgent one: the greatest of all is 1. */
export function rankAmong(own: string | undefined, all: readonly (string | undefined)[]): string {
  return String(1 + new Set(all.map(Number).filter((each) => each > Number(own))).size);
}
