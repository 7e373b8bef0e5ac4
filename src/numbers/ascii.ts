// Numbers as the characters that JavaScript shows them in, and texts between them, written straight into bytes.

/** Bytes that are written, and a view of them; what is written may touch up to 7 bytes behind it. */
export interface Target {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export function targetOf(length: number): Target {
  const bytes = new Uint8Array(length);
  return { bytes, view: new DataView(bytes.buffer) };
}

/**
 * A text that is written many times: 8 bytes at a time, as the doubles that have these bytes. None is NaN, of which an engine
 * may write another: its last two bytes would be one of 0x7f or 0xff after one of 0xf0 or more, which UTF-8 has not.
 */
export class Snippet {
  private readonly words: Float64Array;
  private readonly length: number;
  /** The most bytes that it touches. */
  readonly room: number;

  constructor(text: string) {
    const bytes = new TextEncoder().encode(text);
    this.length = bytes.length;
    this.words = new Float64Array(Math.ceil(bytes.length / WORD_BYTES));
    new Uint8Array(this.words.buffer).set(bytes);
    this.room = WORD_BYTES * this.words.length;
  }

  put({ view }: Target, at: number): number {
    const { words } = this;
    for (let index = 0; index < words.length; index++) view.setFloat64(at + WORD_BYTES * index, words[index], true);
    return at + this.length;
  }
}

const WORD_BYTES = 8;

/** The most bytes that a number takes: as -1.2345678901234567e-300, or a 64-bit integer. */
export const NUMBER_BYTES = 24;

/** "0000" to "9999", each as the four bytes of a little-endian number. */
const FOUR_DIGITS = Uint32Array.from({ length: 10_000 }, (_, value) => {
  const digit = (place: number) => 48 + (Math.floor(value / place) % 10);
  return digit(1000) | (digit(100) << 8) | (digit(10) << 16) | (digit(1) << 24);
});

const POINT = 46;

/**
 * Writes a whole number.
 * @param value 0 to 2^53 - 1
 * @returns where the next byte belongs
 */
export function putWhole(to: Target, at: number, value: number): number {
  if (value < 1e4) return putShort(to, at, value);
  // Exact: a quotient this small is never rounded up to the next whole number.
  const scale = value < 1e8 ? 1e4 : 1e8;
  const high = Math.floor(value / scale);
  const rest = value - high * scale;
  const next = putWhole(to, at, high);
  return scale === 1e4 ? putFour(to, next, rest) : putEight(to, next, rest);
}

/**
 * Numbers that were written last, each at a place that its bits say, and their texts: tables have the same numbers again and
 * again, and to copy a text is much faster than to make it.
 */
class KnownNumbers {
  private readonly numbers = new Float64Array(2 ** KNOWN_BITS).fill(Number.NaN);
  private readonly texts = targetOf(NUMBER_BYTES * 2 ** KNOWN_BITS + WORD_BYTES);
  private readonly words = new Float64Array(this.texts.bytes.buffer);
  private readonly lengths = new Uint8Array(2 ** KNOWN_BITS);

  put(to: Target, at: number, number: number, low: number, high: number): number {
    const { numbers, words, lengths } = this;
    // Multiplicative hashing, Knuth, The Art of Computer Programming 3, section 6.4
    const place = Math.imul(low ^ high, 0x9e3779b1) >>> (32 - KNOWN_BITS);
    // Zero stands for both of its signs: their text is the same.
    if (numbers[place] !== number) this.make(place, number);
    const word = NUMBER_WORDS * place;
    const length = lengths[place];
    to.view.setFloat64(at, words[word], true);
    if (length > WORD_BYTES) {
      to.view.setFloat64(at + WORD_BYTES, words[word + 1], true);
      if (length > 2 * WORD_BYTES) to.view.setFloat64(at + 2 * WORD_BYTES, words[word + 2], true);
    }
    return at + length;
  }

  private make(place: number, number: number): void {
    const from = NUMBER_BYTES * place;
    this.lengths[place] = makeNumber(this.texts, from, number) - from; // touches nothing of the next: long texts are put byte by byte
    this.numbers[place] = number;
  }
}

const NUMBER_WORDS = NUMBER_BYTES / WORD_BYTES;

/**
 * Writes a number as `String` shows it.
 * @param halves low and high half of the number and of others, in turn
 * @param index which of them it is
 * @returns where the next byte belongs
 */
export function putNumber(to: Target, at: number, value: number, halves: Uint32Array, index: number): number {
  return KNOWN.put(to, at, value, halves[2 * index], halves[2 * index + 1]);
}

function makeNumber(to: Target, at: number, value: number): number {
  if (value >= 1e-6 && value < 1e8) {
    // Six decimals that make this very double: as there are at most 14 digits, no shorter text does.
    const scaled = Math.round(value * 1e6);
    if (scaled / 1e6 === value) return putMillionths(to, at, scaled);
  } else if (value === 0) return putShort(to, at, 0);
  return putText(to, at, String(value));
}

/** Writes a text of ASCII characters. @returns where the next byte belongs */
export function putText({ bytes }: Target, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
  return at + text.length;
}

/** The most bytes that a character of a text takes in JSON: six of an escape. */
const JSON_CHARACTER_BYTES = 6;

/** The most bytes that a text takes in JSON. */
export function jsonBytes(text: string): number {
  return JSON_CHARACTER_BYTES * text.length + 2;
}

/** Writes a text as JSON has it. @returns where the next byte belongs */
export function putJson(to: Target, at: number, text: string): number {
  const { bytes } = to;
  bytes[at] = QUOTE;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 || code > 126 || code === QUOTE || code === BACKSLASH)
      return at + ENCODER.encodeInto(JSON.stringify(text), bytes.subarray(at)).written;
    bytes[at + 1 + index] = code;
  }
  bytes[at + 1 + text.length] = QUOTE;
  return at + text.length + 2;
}

const ENCODER = new TextEncoder();
const QUOTE = 34;
const BACKSLASH = 92;

function putMillionths(to: Target, at: number, scaled: number): number {
  const whole = Math.floor(scaled / 1e6);
  let rest = scaled - whole * 1e6;
  const point = putWhole(to, at, whole);
  if (rest === 0) return point;
  to.view.setUint8(point, POINT);
  const high = Math.floor(rest / 100);
  putFour(to, point + 1, high);
  to.view.setUint32(point + 5, FOUR_DIGITS[rest - high * 100] >>> 16, true);
  let end = point + 7;
  for (; rest % 10 === 0; rest /= 10) end--;
  return end;
}

function putShort({ view }: Target, at: number, value: number): number {
  const digits = value < 10 ? 1 : value < 100 ? 2 : value < 1000 ? 3 : 4;
  view.setUint32(at, FOUR_DIGITS[value] >>> (32 - 8 * digits), true);
  return at + digits;
}

function putFour({ view }: Target, at: number, value: number): number {
  view.setUint32(at, FOUR_DIGITS[value], true);
  return at + 4;
}

function putEight(to: Target, at: number, value: number): number {
  const high = Math.floor(value / 1e4);
  return putFour(to, putFour(to, at, high), value - high * 1e4);
}

/** Numbers that are known, as a power of two. */
const KNOWN_BITS = 13;
const KNOWN = new KnownNumbers();
