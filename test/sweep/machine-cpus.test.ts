// `cpus` at the top of a sweep: the numbers that the CPUs of a machine have.

import { expect, test } from "vitest";
import { InvalidInput } from "../../src/input/problem.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";

const SWEEP = "horizon: 10\nsystem: { servers: { s: { policy: dedicated } } }\n";

test("are kept in their order, and change nothing that is computed", () => {
  const sweep = parseSweep(`${SWEEP}cpus: [6, 0, 8191]\n`, "s.yaml");
  expect(sweep.machineCpus).toStrictEqual([6, 0, 8191]);
  expect(canonicalSweep(sweep)).toBe(canonicalSweep(parseSweep(SWEEP, "s.yaml")));
  expect(parseSweep(SWEEP, "s.yaml").machineCpus).toBeUndefined();
});

test.each([
  ["4", "s.yaml:3:7 cpus: 4 is not a list of numbers of CPUs"],
  ["[]", "s.yaml:3:7 cpus: has 0 CPUs; a host has 1 to 64"],
  ["[1, x]", 's.yaml:3:11 cpus[1]: "x" is not the number of a CPU'],
  ["[1, 2, 1]", "s.yaml:3:14 cpus[2]: CPU 1 is twice in the list"],
  ["[-1]", "s.yaml:3:8 cpus[0]: -1 is not a whole number from 0 to 8191"],
  ["[1.5, 9000]", "cpus[1]: 9000 is not a whole number from 0 to 8191"],
  [`[${Array.from({ length: 65 }, (_, cpu) => cpu).join(", ")}]`, "cpus: has 65 CPUs; a host has 1 to 64"],
])("cpus: %s is refused", (cpus, message) => {
  expect(() => parseSweep(`${SWEEP}cpus: ${cpus}\n`, "s.yaml")).toThrow(InvalidInput);
  expect(() => parseSweep(`${SWEEP}cpus: ${cpus}\n`, "s.yaml")).toThrow(message);
});
