// YAML (or JSON) text -> a tree of maps, lists and scalars in which everything knows its line and column, and numbers
// keep their source text. What YAML allows beyond that (several documents, tags, cyclic aliases) is refused here.

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
} from "yaml";
import { type Position, pathTo } from "../input/place.js";
import { InvalidInput, type Problem } from "../input/problem.js";
import type { Times } from "./time-columns.js";

export interface MapNode {
  readonly kind: "map";
  readonly at: Position;
  /** In file order (a plain object would move keys such as "1" to the front). */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Of `tasks` whose table has sets: the last entries are theirs. */
  readonly sets?: readonly NodeSet[];
}
/** A set of the tasks of a table. */
export interface NodeSet {
  /** As the table calls it. */
  readonly label: string;
  /** The names of its tasks, by the keys of their entries: another set may have the same name. */
  readonly names: ReadonlyMap<string, string>;
}
export interface Entry {
  /** Position of the key. */
  readonly at: Position;
  readonly value: Node;
}
export interface ListNode {
  readonly kind: "list";
  readonly at: Position;
  readonly items: readonly Node[];
  /** In place of its items, which are then none: those of a table whose values are plain times. */
  readonly columns?: readonly Times[];
}
export interface ScalarNode {
  readonly kind: "text" | "number" | "boolean" | "nothing";
  readonly at: Position;
  /** The text of a text; the source of everything else. */
  readonly text: string;
  /** Where its source begins and ends in the file. */
  readonly range?: readonly [start: number, end: number];
}
export type Node = MapNode | ListNode | ScalarNode;

/** How often aliases may repeat content: a file of a kilobyte must not grow to a gigabyte. */
const ALIASES_MAX = 100;

/** Characters of a scalar in a message. */
const SHOWN_MAX = 60;

/** One slip can make many syntax errors; the first ones tell. */
const FAULTS_MAX = 20;

/**
 * Reads a document whose top is a map.
 * @throws InvalidInput with every syntax error
 */
export function readDocument(text: string, file: string): MapNode {
  const root = readNode(text, file);
  if (root.kind !== "map") {
    const holds = root.kind === "nothing" ? "is empty" : `holds ${kindName(root)}`;
    // A comment then goes on to the end of the file.
    const isOneLine = text.includes("\r") && !text.includes("\n");
    const found = isOneLine ? "ends its lines with a carriage return alone, which is no line end here" : holds;
    const foreign =
      root.kind === "text" && root.text.includes(",") ? "; a CSV table is made one by replenish import" : "";
    const why = `the file ${found}; a sweep is a map with at least horizon and system${foreign}`;
    throw new InvalidInput([{ ...root.at, path: "", text: why }]);
  }
  return root;
}

/** Reads a document of any kind. */
export function readNode(text: string, file: string): Node {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "error",
    version: "1.2",
    schema: "core",
    merge: false,
    uniqueKeys: false, // the reader below looks for them, in one pass
  });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  // Each bracket that is left open is told at the same place, the end of the file.
  const told = [...document.errors, ...document.warnings].map(
    (fault) => [`${fault.pos[0]} ${fault.message}`, fault] as const,
  );
  const faults = [...new Map(told).values()].slice(0, FAULTS_MAX);
  if (faults.length > 0) {
    throw new InvalidInput(
      faults.map((fault) => ({
        ...at(fault.pos[0]),
        path: "",
        text: explain(fault.code, fault.message, text, fault.pos[0]),
      })),
    );
  }
  return new Reader(document, at).read();
}

/** The yaml library's words, where ours say more. */
function explain(code: string, message: string, text: string, offset: number): string {
  if (code === "MULTIPLE_DOCS") return "a second document starts here; a sweep file holds one";
  if (/call stack/i.test(message)) return "lists and maps are nested too deeply";
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1).split("\n", 1)[0];
  const hint = /:\s*=/.test(line) ? '; an expression that holds ": " or " #" needs quotes' : "";
  return `not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}${hint}`;
}

class Reader {
  private readonly problems: Problem[] = [];
  private readonly done = new Map<ParsedNode, Node>();
  private readonly open = new Set<ParsedNode>();

  constructor(
    private readonly document: Document.Parsed,
    private readonly at: (offset: number) => Position,
  ) {}

  read(): Node {
    const root = this.node(this.document.contents, "", this.at(0));
    if (this.problems.length === 0) this.boundAliases();
    if (this.problems.length > 0) throw new InvalidInput(this.problems);
    return root;
  }

  private say(at: Position, path: string, text: string): void {
    this.problems.push({ ...at, path, text });
  }

  /** The library counts what the aliases would expand to while it builds plain values, and stops in time. */
  private boundAliases(): void {
    try {
      this.document.toJS({ maxAliasCount: ALIASES_MAX });
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      this.say(
        this.at(0),
        "",
        `aliases (*name) repeat more than ${ALIASES_MAX} times what their anchors hold; write less of it by reference`,
      );
    }
  }

  /** Aliases share the node of their anchor, so the tree never grows beyond the file. */
  private node(source: ParsedNode | null, path: string, fallback: Position): Node {
    if (source === null) return { kind: "nothing", at: fallback, text: "" };
    const at = this.at(source.range[0]);
    if (isAlias(source)) {
      const target = source.resolve(this.document) as ParsedNode | undefined;
      if (target !== undefined && !this.open.has(target)) return this.node(target, path, at);
      this.say(
        at,
        path,
        target === undefined
          ? `there is no anchor &${source.source} before this alias`
          : `the alias *${source.source} stands inside its own anchor`,
      );
      return { kind: "nothing", at, text: "" };
    }
    const known = this.done.get(source);
    if (known !== undefined) return known;
    this.open.add(source);
    const node = this.convert(source, path, at);
    this.open.delete(source);
    this.done.set(source, node);
    return node;
  }

  private convert(source: ParsedNode, path: string, at: Position): Node {
    if (isMap(source)) return this.map(source as YAMLMap.Parsed, path, at);
    if (isSeq(source))
      return {
        kind: "list",
        at,
        items: source.items.map((item, i) => this.node(item as ParsedNode, pathTo(path, i), at)),
      };
    if (!isScalar(source)) throw new TypeError("an alias was resolved before");
    const { value } = source;
    const range = [source.range[0], source.range[1]] as const;
    if (typeof value === "string") return { kind: "text", at, text: value, range };
    const kind = typeof value === "number" ? "number" : typeof value === "boolean" ? "boolean" : "nothing";
    return { kind, at, text: source.source };
  }

  private map(source: YAMLMap.Parsed, path: string, at: Position): MapNode {
    const entries = new Map<string, Entry>();
    for (const { key, value } of source.items) {
      const keyAt = key === null ? at : this.at(key.range[0]);
      if (!isScalar(key)) {
        this.say(keyAt, path, "a key is a plain word here, not a list, a map or an alias");
        continue;
      }
      const name = typeof key.value === "string" ? key.value : (key.source ?? "");
      if (entries.has(name)) this.say(keyAt, pathTo(path, name), "this key occurs twice in its map");
      entries.set(name, { at: keyAt, value: this.node(value, pathTo(path, name), keyAt) });
    }
    return { kind: "map", at, entries };
  }
}

/** The same, all of it at one place: for a value that stands alone. */
export function placedAt(node: Node, at: Position): Node {
  if (node.kind === "list") return { ...node, at, items: node.items.map((item) => placedAt(item, at)) };
  if (node.kind !== "map") return { ...node, at };
  const entries = [...node.entries].map(([key, { value }]): [string, Entry] => [
    key,
    { at, value: placedAt(value, at) },
  ]);
  return { kind: "map", at, entries: new Map(entries) };
}

/** What is wrong with a value that stands alone, after the value itself: `"[" is not valid YAML: ...`. */
export function problemOf(shown: string, { problems: [{ text }] }: InvalidInput): string {
  return `${shown}${text.startsWith("not valid") ? " is" : ":"} ${text}`;
}

/** What a node is, for messages. */
function kindName(node: Node): string {
  if (node.kind === "map" || node.kind === "list") return `a ${node.kind}`;
  if (node.kind === "nothing") return "nothing";
  return `the ${node.kind} ${node.text.length > SHOWN_MAX ? `${node.text.slice(0, SHOWN_MAX)}...` : node.text}`;
}

/** The tree as plain values, for the structural check; numbers become the nearest doubles. */
export function plain(node: Node): unknown {
  switch (node.kind) {
    case "map":
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.value)]));
    case "list":
      return node.items.map(plain);
    case "number":
      // Infinities and not-a-number are refused where numbers are read exactly.
      return Number.isFinite(Number(node.text)) ? Number(node.text) : 0;
    case "boolean":
      return node.text.toLowerCase() === "true";
    case "nothing":
      return null;
    default:
      return node.text;
  }
}
