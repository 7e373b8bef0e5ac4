// A page that systrace or atrace made: its trace stands in elements of class `trace-data`.

import { isSpace } from "./bytes.js";

/** The parts of a page that are its trace. */
export class TracePage {
  private isInside = false;

  /** A line of the trace, decoded; undefined: not one. */
  line(bytes: Buffer, from: number, to: number): Buffer | undefined {
    if (this.isInside && !isTag(bytes, from, to)) return decoded(bytes, from, to);
    const text = bytes.toString("latin1", from, Math.min(to, from + LOOKED_AT));
    if (this.isInside) {
      this.isInside = !/^\s*<\/script/.test(text);
      return this.isInside ? decoded(bytes, from, to) : undefined;
    }
    this.isInside = /<script\b[^>]*class="trace-data"/.test(text);
    return undefined;
  }
}

/** Whether a file that begins so is a page. */
export function isPage(beginning: Buffer): boolean {
  return /^\s*(?:<!doctype html|<html)/i.test(beginning.toString("latin1"));
}

const [AMPERSAND, LESS] = [0x26, 0x3c];
/** Of a line so much is looked at for tags. */
const LOOKED_AT = 200;
const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"' };

function isTag(bytes: Buffer, from: number, to: number): boolean {
  let at = from;
  while (at < to && isSpace(bytes[at])) at++;
  return bytes[at] === LESS;
}

function decoded(bytes: Buffer, from: number, to: number): Buffer {
  const line = bytes.subarray(from, to);
  if (!line.includes(AMPERSAND)) return line;
  const text = line.toString("latin1").replace(/&(?:lt|gt|amp|quot);/g, (entity) => ENTITIES[entity]);
  return Buffer.from(text, "latin1");
}
