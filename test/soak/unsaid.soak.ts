// What a policy does not say about repetition forbids the leap. A policy is added to a copy of the kernel's source as the
// README beside the policies says, with a state of its own: every eighth budget is halved. It leaps only once it says that
// its state repeats, and then, having said so wrongly, to a wrong number: so the first test can fail.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { serverAt } from "../../src/model/fields.js";
import { parseScenario } from "../../src/scenario/parse.js";

/** What three policies with the same rules say of themselves beside them, by function. */
const SAYING = {
  nothing: { policy: 97, hooks: {} },
  cycle: { policy: 98, hooks: { leastMode: "GENERAL", cycle: "periodic.cycle(server)" } },
  all: {
    policy: 99,
    hooks: { leastMode: "GENERAL", cycle: "periodic.cycle(server)", repeats: "periodic.repeats(server, kept)" },
  },
} as const;
const root = fileURLToPath(new URL("../..", import.meta.url));
let directory: string;
let module: WebAssembly.Module;

const HALVING = `
import { Mode } from "../mode";
import { machine, Server } from "../records";
import { Instant } from "../time";
import { replenished } from "./budget";
import * as periodic from "./periodic";
import { stateOf } from "./state";

@unmanaged
class State {
  given: i32;
}

export function start(server: Server, offset: Instant): void {
  machine.idles |= server.bit;
  periodic.start(server, offset);
}

export function replenish(server: Server, now: Instant, mode: Mode): Instant {
  const state = stateOf<State>(server);
  server.budget = state.given % 8 == 7 ? server.budgetFull / 2 : server.budgetFull;
  state.given++;
  server.deadline = now + server.period;
  machine.budgeted |= server.bit;
  replenished(server, now, mode);
  return server.deadline;
}
`;

/** The kernel with three more policies. */
async function compile(): Promise<WebAssembly.Module> {
  const dispatch = join(directory, "assembly/policies/dispatch.ts");
  const rules: Readonly<Record<string, string>> = {
    start: "halving.start(server, offset)",
    depleteAny: "periodic.deplete(server, now, mode)",
    replenishAny: "halving.replenish(server, now, mode)",
  };
  let text = readFileSync(join(root, "assembly/policies/dispatch.ts"), "utf8").replace(
    'import * as idling from "./idling";',
    '$&\nimport * as halving from "./halving";',
  );
  for (const { policy, hooks } of Object.values(SAYING)) {
    for (const [hook, action] of Object.entries({ ...rules, ...hooks })) {
      const found = new RegExp(`function ${hook}\\([^]*?switch \\(server.policy\\) \\{\n`);
      expect(text).toMatch(found);
      text = text.replace(found, (head) => `${head}    case ${policy}: return ${action};\n`);
    }
  }
  writeFileSync(dispatch, text);
  let binary = new Uint8Array();
  const { enable } = JSON.parse(readFileSync(join(root, "asconfig.json"), "utf8")).targets.release;
  const words = ["assembly/index.ts", "--runtime", "stub", "--enable", enable.join(), "--outFile", "kernel.wasm"];
  const { error, stderr } = await asc.main(words, {
    readFile: (name, base) => {
      try {
        return readFileSync(join(directory, base, name), "utf8");
      } catch {
        return null;
      }
    },
    writeFile: (_name, contents) => {
      binary = contents as typeof binary;
    },
  });
  expect(error, stderr.toString()).toBeNull();
  return new WebAssembly.Module(binary);
}

/** The supply of a server with a budget of 4 in 10, 10,000 ticks long, and the status of the run. */
function supply({ policy }: { policy: number }, leaping: boolean): [number, number] {
  const vm = { name: "vm", policy: "idling", period: 10, budget: 4, tasks: [{ name: "t", period: 10, wcet: 4 }] };
  const { flat } = parseScenario(JSON.stringify({ horizon: 10_000, servers: [vm] }));
  flat[serverAt(0) + abi.IN_SERVER_POLICY] = policy;
  const kernel = new Kernel(module, leaping);
  const status = kernel.run(flat);
  return [status, kernel.results[abi.OUT_HOST_SIZE + abi.OUT_SERVER_SUPPLY]];
}

beforeAll(async () => {
  directory = mkdtempSync(join(root, "build", "unsaid-"));
  cpSync(join(root, "assembly"), join(directory, "assembly"), { recursive: true });
  writeFileSync(join(directory, "assembly/policies/halving.ts"), HALVING);
  module = await compile();
});

afterAll(() => rmSync(directory, { recursive: true }));

describe("a policy with a state of its own", () => {
  test("that says nothing of repetition does not leap", () => {
    expect(supply(SAYING.nothing, false)).toStrictEqual([abi.STATUS_DONE, 3750]);
    expect(supply(SAYING.nothing, true)).toStrictEqual([abi.STATUS_DONE, 3750]);
  });

  test("that names a cycle and not when its state repeats does not leap", () => {
    expect(supply(SAYING.cycle, true)).toStrictEqual([abi.STATUS_DONE, 3750]);
  });

  test("that forgets its state leaps, and to a wrong number", () => {
    expect(supply(SAYING.all, false)).toStrictEqual([abi.STATUS_DONE, 3750]);
    expect(supply(SAYING.all, true)).toStrictEqual([abi.STATUS_DONE, 4000]);
  });
});
