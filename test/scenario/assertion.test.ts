// The kernel does not trust its callers: a flat scenario that checkScenario would refuse fires an assertion, which is a
// bug of this program and never a number, a hang or a trap without a word.

import { describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { Kernel, KernelBug } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { serverAt, taskAt } from "../../src/model/fields.js";
import { parseScenario } from "../../src/scenario/parse.js";

const vm = { name: "vm", policy: "polling", period: 5, budget: 2, tasks: [{ name: "t", period: 5, wcet: 1 }] };
const valid = () => parseScenario(JSON.stringify({ horizon: 9, servers: [vm] })).flat;

describe("a flat scenario that was never checked", () => {
  test.each<[string, number, number]>([
    ["a budget above the period", serverAt(0) + abi.IN_SERVER_BUDGET, 6],
    ["a period of NaN", serverAt(0) + abi.IN_SERVER_PERIOD, Number.NaN],
    ["a fractional horizon", abi.IN_HEADER_HORIZON, 1.5],
    ["a horizon of 2^53", abi.IN_HEADER_HORIZON, 2 ** 53],
    ["another ABI", abi.IN_HEADER_ABI, abi.ABI_VERSION + 1],
    ["65 servers", abi.IN_HEADER_SERVERS, abi.SERVERS_MAX + 1],
    ["more tasks than records", abi.IN_HEADER_TASKS, abi.TASKS_MAX + 1],
    ["tasks without a server", serverAt(0) + abi.IN_SERVER_TASKS, 0],
    ["no policy of ours", serverAt(0) + abi.IN_SERVER_POLICY, 7],
    ["work of nothing", taskAt(1, 0) + abi.IN_TASK_WCET, 0],
    ["a bcet above the wcet", taskAt(1, 0) + abi.IN_TASK_BCET, 2],
    ["a jitter above the period", taskAt(1, 0) + abi.IN_TASK_JITTER, 6],
  ])("%s is a KernelBug that names its line", (_what, slot, value) => {
    const flat = valid();
    flat[slot] = value;
    expect(() => new Kernel(compileKernel()).run(flat)).toThrow(KernelBug);
    expect(() => new Kernel(compileKernel()).run(flat)).toThrow(/^.+ at assembly\/\w+(\/\w+)?\.ts:\d+:\d+$/);
    expect(new Kernel(compileKernel()).run(valid())).toBe(abi.STATUS_DONE);
  });
});
