// What comes through stdin.

import { text } from "node:stream/consumers";

/** All of it; at a terminal, where nothing seems to happen, it says what is waited for. */
export async function stdinText(): Promise<string> {
  if (process.stdin.isTTY === true)
    process.stderr.write("reading what is typed, up to Ctrl-D; a file can be named instead\n");
  return await text(process.stdin);
}
