// What the page shows, in its address: `#x=P&y=Q&colour=miss_ratio&policy=idling&cell=253&replicate=0`. An axis is named
// as it is; one whose name is a key of the address is named `axis:NAME`.

export interface Address {
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  readonly colour?: string | undefined;
  readonly cell?: number | undefined;
  readonly replicate?: number | undefined;
  /** Of axes: the value that a map holds them at, as text; `*` for all of them. */
  readonly held: ReadonlyMap<string, string>;
  /** Of axes: a value that the opened run has between the cells, as text. */
  readonly tried: ReadonlyMap<string, string>;
}

const KEYS = ["x", "y", "colour", "cell", "replicate"];
const AXIS = "axis:";
const TRIED = "try:";

/** @param axes names of the axes; what names none of them is passed over */
export function readAddress(hash: string, axes: readonly string[]): Address {
  const held = new Map<string, string>();
  const tried = new Map<string, string>();
  const own: Record<string, string> = {};
  for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    const plain = key.startsWith(AXIS) ? key.slice(AXIS.length) : key;
    if (KEYS.includes(key)) own[key] = value;
    else if (key.startsWith(TRIED) && axes.includes(key.slice(TRIED.length))) tried.set(key.slice(TRIED.length), value);
    else if (axes.includes(plain)) held.set(plain, value);
  }
  const number = (text: string | undefined) =>
    text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  const { x, y, colour } = own;
  return { x, y, colour, cell: number(own.cell), replicate: number(own.replicate), held, tried };
}

export function writeAddress({ x, y, colour, cell, replicate, held, tried }: Address): string {
  const parameters = new URLSearchParams();
  const put = (key: string, value: string | number | undefined) => {
    if (value !== undefined) parameters.set(key, String(value));
  };
  put("x", x);
  put("y", y);
  put("colour", colour);
  for (const [axis, value] of held) put(KEYS.includes(axis) || axis.startsWith(AXIS) ? `${AXIS}${axis}` : axis, value);
  put("cell", cell);
  put("replicate", replicate);
  for (const [axis, value] of tried) put(`${TRIED}${axis}`, value);
  return `#${parameters.toString()}`;
}
