// The numbers that the CPUs of a real machine have: `cpus: [2, 3, 6, 7]`. They change no cell; who places servers on CPUs uses them.

import { CPUS_MAX } from "../../assembly/abi.js";
import { pathTo } from "../input/place.js";
import type { Node } from "./document.js";
import type { OperandReader } from "./operands.js";
import { readWhole } from "./statistics.js";

/** The greatest number that Linux gives a CPU. */
const NUMBER_MAX = 8191n;

/** Reads `cpus`; undefined where the sweep does not say it. */
export function readMachineCpus(reader: OperandReader, node: Node | undefined): number[] | undefined {
  if (node?.kind !== "list") return undefined;
  const spot = { path: "cpus", at: node.at };
  if (node.items.length === 0 || node.items.length > CPUS_MAX)
    reader.say(spot, `has ${node.items.length} CPUs; a host has 1 to ${CPUS_MAX}`);
  const numbers: number[] = [];
  for (const [i, item] of node.items.entries()) {
    const path = pathTo("cpus", i);
    const number = readWhole(reader, path, item, 0n, NUMBER_MAX);
    if (number === undefined) continue;
    if (numbers.includes(Number(number))) reader.say({ path, at: item.at }, `CPU ${number} is twice in the list`);
    numbers.push(Number(number));
  }
  return numbers;
}
