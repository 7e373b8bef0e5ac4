// What a command says about itself. Its body is loaded when it is called, so that --version and --help answer at once:
// the files beside this one import nothing heavy.

import type { InferredOptionType, Options } from "yargs";

/** An option, or a positional argument. Numbers are whole, and have bounds. */
export type Option = Options & {
  readonly describe: string;
  /** Of a text: whether --no-NAME is an answer too; the value is false then. */
  readonly negatable?: boolean;
  /** Values that a shell completes where there are no `choices`: the command itself says what is wrong with another. */
  readonly offers?: readonly string[];
} & (
    | { readonly type: "string" | "boolean" }
    | { readonly type: "number"; readonly least: number; readonly most: number }
  );

export type OptionRecord = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = InferredOptionType<O>;
/** `take-over` -> `takeOver` */
type CamelCase<K> = K extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<CamelCase<Rest>>}` : K & string;

/** The values that options have when a command is called; those that may be left out are undefined then. */
export type ValuesOf<O extends OptionRecord> = {
  readonly [K in keyof O as undefined extends ValueOf<O[K]> ? never : CamelCase<K>]: ValueOf<O[K]>;
} & {
  readonly [K in keyof O as undefined extends ValueOf<O[K]> ? CamelCase<K> : never]?: ValueOf<O[K]>;
};

export interface Command<Values = object> {
  /** Its name and its positional arguments: `verify <directory>`. */
  readonly usage: string;
  readonly help: string;
  /** Whether it only reads and writes files: a refusal then does not say that nothing was run. */
  readonly runsNothing?: boolean;
  /** Options and positional arguments by name. */
  readonly options: OptionRecord;
  /** Options, and parts of options, that stand in a table elsewhere; it is loaded when the command is called. */
  tabled?(): Promise<Readonly<Record<string, Partial<Option>>>>;
  /** Shown after its options. */
  readonly epilogue?: string;
  /** Command lines that do something; they end its help, and a test runs them. */
  readonly examples: readonly string[];
  /** Does it. @returns the exit code */
  run(values: Values): Promise<number>;
}

/** All options of a command. */
export async function optionsOf({ options, tabled }: Command): Promise<OptionRecord> {
  const added = tabled === undefined ? {} : await tabled();
  const all = Object.entries(added).map(([name, parts]) => [name, { ...options[name], ...parts }]);
  return { ...options, ...Object.fromEntries(all) };
}

/** Names of the positional arguments, in their order. */
export function positionalsOf({ usage }: Command): string[] {
  return [...usage.matchAll(/[<[](\w+)(?:\.\.)?[>\]]/g)].map(([, name]) => name);
}
