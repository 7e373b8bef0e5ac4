// Bytes of a file -> its text. Text is UTF-8 and nothing else: a name whose bytes were guessed would be another name.

import { InvalidInput, type Problem } from "./problem.js";

const MARK = "\uFEFF";
/** What a decoder puts in place of bytes that are not UTF-8; a text may have it as well. */
const REPLACEMENT = "\uFFFD";

/**
 * The text of a file, its byte order mark with it.
 * @param file its name, for messages; without one it is a line by itself
 * @throws InvalidInput with the place of the first byte that is not UTF-8
 */
export function textOf(bytes: Uint8Array, file?: string): string {
  if (isWide(bytes))
    refuse({ file }, "is text in UTF-16; UTF-8 is read here: `iconv -f UTF-16 -t UTF-8 FILE` makes it");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // such as a text longer than texts can be
    return refuseBytes(bytes, file);
  }
}

/** The text without a byte order mark at its start, for what would read it as a character. */
export function withoutMark(text: string): string {
  return text.startsWith(MARK) ? text.slice(MARK.length) : text;
}

/** UTF-16 says so in its first two bytes, or has a zero in one of them: what is read here begins with a character of ASCII. */
function isWide([first, second]: Uint8Array): boolean {
  if (second === undefined) return false;
  return first === 0 || second === 0 || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function refuseBytes(bytes: Uint8Array, file: string | undefined): never {
  const { before, at } = untilBad(bytes);
  const shown = `0x${bytes[at].toString(16).toUpperCase()}`;
  const remark = "text is UTF-8 here: where it is Latin-1, `iconv -f LATIN1 -t UTF-8 FILE` makes it";
  const text = `the byte ${shown} is not of UTF-8; ${remark}`;
  const column = before.length - before.lastIndexOf("\n");
  if (file === undefined) refuse({}, `column ${column}: ${text}`); // a line of a stream
  refuse({ file, line: before.split("\n").length, column }, text);
}

function refuse(place: Omit<Problem, "path" | "text">, text: string): never {
  throw new InvalidInput([{ ...place, path: "", text }]);
}

/** The first byte that is not UTF-8, and the text before it. */
function untilBad(bytes: Uint8Array): { before: string; at: number } {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const encoder = new TextEncoder();
  const [...own] = encoder.encode(REPLACEMENT);
  let at = 0;
  let from = 0;
  for (let next = text.indexOf(REPLACEMENT); next >= 0; next = text.indexOf(REPLACEMENT, next + 1)) {
    at += encoder.encode(text.slice(from, next)).length;
    from = next;
    if (own.some((byte, i) => bytes[at + i] !== byte)) break;
  }
  return { before: text.slice(0, from), at };
}
