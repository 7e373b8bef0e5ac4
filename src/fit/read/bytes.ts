// The bytes of one line, and how far they have been read: what the readers of its parts share.

export const [SPACE, TAB, HASH, DASH, DOT, SLASH, COLON] = [0x20, 0x09, 0x23, 0x2d, 0x2e, 0x2f, 0x3a];
export const [BRACKET, BRACKET_END, PARENTHESIS, PARENTHESIS_END] = [0x5b, 0x5d, 0x28, 0x29];

/** A thread's name: a piece of the line's bytes. No name: `from` = `to`. */
export interface NamePiece {
  from: number;
  to: number;
}

/** A line, read from left to right without copies. */
export class LineBytes {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  end = 0;

  /** Begins with bytes[from, to). */
  open(bytes: Buffer, from: number, to: number): void {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  text(from: number, to: number): string {
    return this.bytes.toString("latin1", from, to);
  }

  /** Moves past the text where it comes next. */
  literal(text: string): boolean {
    const end = this.at + text.length;
    if (end > this.end) return false;
    for (let i = 0; i < text.length; i++) if (this.bytes[this.at + i] !== text.charCodeAt(i)) return false;
    this.at = end;
    return true;
  }

  find(text: string, from: number): number {
    const first = text.charCodeAt(0);
    const last = this.end - text.length;
    for (let at = from; at <= last; at++) {
      if (this.bytes[at] !== first) continue;
      let i = 1;
      while (i < text.length && this.bytes[at + i] === text.charCodeAt(i)) i++;
      if (i === text.length) return at;
    }
    return -1;
  }

  /** A whole number up to 2^53 - 1, or -1 when there is none. */
  number(): number {
    const from = this.at;
    let value = 0;
    while (this.at < this.end && isDigit(this.bytes[this.at])) value = value * 10 + this.bytes[this.at++] - 0x30;
    return this.at > from && value <= Number.MAX_SAFE_INTEGER ? value : -1;
  }

  signed(): number {
    if (this.bytes[this.at] !== DASH) return this.number();
    this.at++;
    return -this.number();
  }

  skipSpaces(): void {
    while (this.at < this.end && isSpace(this.bytes[this.at])) this.at++;
  }

  skipWord(): void {
    while (this.at < this.end && !isSpace(this.bytes[this.at])) this.at++;
  }

  /** Where the spaces before `from` begin. */
  spacesBefore(from: number): number {
    let at = from;
    while (at > 0 && isSpace(this.bytes[at - 1])) at--;
    return at;
  }
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

export function isSpace(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

export function place(piece: NamePiece, from: number, to: number): void {
  piece.from = from;
  piece.to = to;
}
