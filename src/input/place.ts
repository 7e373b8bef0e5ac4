// Where something stands in the input.

/** Where something stands in the input; lines and columns count from 1 and are absent for `--set`. */
export interface Position {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** A place in the document: its path, such as `system.servers.vm`, and its position. */
export interface Spot {
  readonly path: string;
  readonly at: Position;
}

/** Path of an entry of a map or list: `system.servers.vm`, `where[1]`, `axes["a b"]`. */
export function pathTo(parent: string, key: string | number): string {
  if (typeof key === "number") return `${parent}[${key}]`;
  if (!/^[\p{L}\p{N}_-]+$/u.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === "" ? key : `${parent}.${key}`;
}
