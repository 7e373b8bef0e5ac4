// A stream of bytes -> its lines, without copying those that lie within one piece.

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** A line of a trace is far shorter; what is longer has no lines. */
export const LONGEST_LINE = 65_536;

/** Takes in the line bytes[from, to), without its line end. */
export type TakeLine = (bytes: Buffer, from: number, to: number) => void;

/**
 * Splits a stream into lines.
 * @param unfinished takes in what follows the last line end, if anything does
 * @param tooLong takes in the beginning of a line longer than LONGEST_LINE; the rest of it is passed over
 */
export async function splitLines(
  chunks: AsyncIterable<Buffer | string>,
  take: TakeLine,
  unfinished: TakeLine,
  tooLong: (bytes: Buffer) => void,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let passing = false;
  for await (const given of chunks) {
    const chunk = typeof given === "string" ? Buffer.from(given) : given;
    let from = 0;
    if (passing) {
      from = chunk.indexOf(NEWLINE) + 1;
      if (from === 0) continue;
      passing = false;
    } else if (rest.length > 0) {
      const end = chunk.indexOf(NEWLINE);
      rest = Buffer.concat([rest, end < 0 ? chunk : chunk.subarray(0, end)]);
      from = end < 0 ? chunk.length : end + 1;
      if (end >= 0) {
        take(rest, 0, withoutReturn(rest, 0, rest.length));
        rest = Buffer.alloc(0);
      }
    }
    for (let end = chunk.indexOf(NEWLINE, from); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      take(chunk, from, withoutReturn(chunk, from, end));
      from = end + 1;
    }
    if (from < chunk.length) rest = Buffer.from(chunk.subarray(from));
    if (rest.length <= LONGEST_LINE) continue;
    tooLong(rest);
    rest = Buffer.alloc(0);
    passing = true;
  }
  if (rest.length > 0) unfinished(rest, 0, withoutReturn(rest, 0, rest.length));
}

function withoutReturn(bytes: Buffer, from: number, to: number): number {
  return to > from && bytes[to - 1] === RETURN ? to - 1 : to;
}
