// replenish help: reference pages, and what to do first.

import { EXIT } from "../../input/exit.js";
import { TOPICS } from "../../reference/language.js";
import type { HelpOptions } from "../help.js";
import { print } from "../print.js";

const FIRST = `replenish finds out which server period and budget a virtual machine needs.

  replenish init mine.yaml                   a sweep to start from, every line explained
  replenish check mine.yaml                  says what is wrong with it
  replenish run mine.yaml                    simulates every cell and prints the answer
  replenish report results/mine              makes a page to look at
  replenish plot results/mine -o mine.svg    makes a figure for a paper

  replenish --help                           all commands; replenish COMMAND --help one of them
  replenish help sweep                       the language; also: language, policies, expressions, columns
`;

/** @returns the exit code */
export async function helpCommand({ topic }: HelpOptions): Promise<number> {
  await print(topic === undefined ? FIRST : TOPICS[topic]());
  return EXIT.done;
}
