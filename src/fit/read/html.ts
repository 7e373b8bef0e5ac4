// A page that systrace or atrace made: its trace stands in elements of class `trace-data`.

/** The parts of a page that are its trace. */
export class TracePage {
  private isInside = false;

  /** A line of the trace, decoded; undefined: not one. */
  line(bytes: Buffer, from: number, to: number): Buffer | undefined {
    const text = bytes.toString("latin1", from, Math.min(to, from + LOOKED_AT));
    if (this.isInside) {
      this.isInside = !/^\s*<\/script/.test(text);
      return this.isInside ? decoded(bytes.subarray(from, to)) : undefined;
    }
    this.isInside = /<script\b[^>]*class="trace-data"/.test(text);
    return undefined;
  }
}

/** Whether a file that begins so is a page. */
export function isPage(beginning: Buffer): boolean {
  return /^\s*(?:<!doctype html|<html)/i.test(beginning.toString("latin1"));
}

const AMPERSAND = 0x26;
/** Of a line so much is looked at for tags. */
const LOOKED_AT = 200;
const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"' };

function decoded(line: Buffer): Buffer {
  if (!line.includes(AMPERSAND)) return line;
  const text = line.toString("latin1").replace(/&(?:lt|gt|amp|quot);/g, (entity) => ENTITIES[entity]);
  return Buffer.from(text, "latin1");
}
