// Worked examples from papers, books and other tools (test/vectors/published.json), each under the name of its source.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DeadlineDemand } from "../../src/analysis/demand.js";
import {
  analyze,
  assignHost,
  boundedDelay,
  completion,
  design,
  FixedPriorityDemand,
  firstLateDeadline,
  type Ratio,
  ReservationSupply,
  type Server,
  type Supply,
  serverSupply,
  switchCost,
} from "../../src/analysis/index.js";
import { fromScenario, type Scenario, type ScenarioTask } from "./scenario.js";

interface PublishedTask {
  readonly wcet: number;
  readonly period: number;
  readonly deadline: number;
  readonly jitter?: number;
  readonly blocking?: number;
}

interface Example {
  readonly id: string;
  readonly source: string;
  readonly kind: string;
  readonly tasks: readonly PublishedTask[];
  readonly schedulable: boolean;
  readonly task: number;
  readonly responses: readonly number[];
  readonly worst: number;
  readonly busy: readonly (readonly number[])[];
  readonly from_release: readonly (number | null)[];
  readonly guest: "fp" | "edf";
  readonly period: number;
  readonly capacity: number;
}

const examples = JSON.parse(
  readFileSync(new URL("../vectors/published.json", import.meta.url), "utf8"),
) as readonly Example[];

/** A whole system, with what is published of some of its tasks and servers. */
interface ScenarioExample {
  readonly scenario: Scenario;
  readonly verdicts: Readonly<Record<string, boolean>>;
  readonly bounds: Readonly<Record<string, number>>;
  readonly least: Readonly<Record<string, number>>;
}

function scenarioOf(example: Example): ScenarioExample {
  const {
    schedulable: verdicts,
    least = {},
    ...rest
  } = example as unknown as ScenarioExample & {
    readonly schedulable: Readonly<Record<string, boolean>>;
  };
  return { ...rest, verdicts, least };
}

function of(kind: string): Example[] {
  const found = examples.filter((example) => example.kind === kind);
  expect(found.length).toBeGreaterThan(0);
  return found;
}

/** One dedicated server, alone; priorities in the given order. */
function alone(tasks: readonly PublishedTask[], scheduler: "fp" | "edf") {
  const numbered = tasks.map(({ wcet, period, deadline, jitter }, place) => {
    const task: ScenarioTask = { wcet, period, deadline, ...(jitter === undefined ? {} : { jitter }) };
    return scheduler === "fp" ? { ...task, priority: place + 1 } : task;
  });
  return fromScenario({ servers: [{ scheduler, priorities: "explicit", tasks: numbered }] });
}

/** t_q of the first `jobs` jobs of a level, on the whole CPU. */
function completions(tasks: readonly PublishedTask[], level: number, jobs: number): number[] {
  const system = alone(tasks, "fp");
  const demand = new FixedPriorityDemand(system.servers[0], 0, switchCost(system, 0));
  const supply = serverSupply(system, 0)!;
  return Array.from({ length: jobs }, (_, job) => completion(demand, level, job, supply));
}

const title = (example: Example) => `${example.id}: ${example.source}`;

test("every kind of example is tested", () => {
  const tested = new Set([
    ...["fp_jobs", "fp_verdict", "fp_wcrt", "fp_first", "fp_busy", "edf_verdict"],
    ...["prm_sbf_formula", "prm_sbf_k_form", "prm_capacity", "scenario"],
  ]);
  expect(examples.filter(({ kind }) => !tested.has(kind))).toEqual([]);
});

describe("responses of the jobs of a busy period", () => {
  test.each(of("fp_jobs").map((example) => [title(example), example] as const))("%s", (_, example) => {
    const { tasks, task, responses, worst } = example;
    const { period } = tasks[task];
    const found = completions(tasks, task, responses.length).map((t, job) => t - job * period);
    expect(found).toEqual(responses);
    expect(analyze(alone(tasks, "fp")).tasks[task].response_bound).toBe(worst);
  });
});

describe("fixed-priority verdicts", () => {
  test.each(of("fp_verdict").map((example) => [title(example), example] as const))("%s", (_, example) => {
    const { tasks } = analyze(alone(example.tasks, "fp"));
    expect(tasks.every(({ schedulable }) => schedulable === true)).toBe(example.schedulable);
  });
});

describe("worst-case response times", () => {
  test.each(of("fp_wcrt").map((example) => [title(example), example] as const))("%s", (_, { tasks, responses }) => {
    // Blocking, where the source has it, delays the level once: it is added to the level's own demand.
    const found = tasks.map((_task, level) => {
      const blocked = tasks.map((task, place) => {
        return place === level ? { ...task, wcet: task.wcet + (task.blocking ?? 0) } : task;
      });
      return analyze(alone(blocked, "fp")).tasks[level].response_bound;
    });
    expect(found).toEqual(responses);
  });
});

describe("completion of the first job", () => {
  test.each(of("fp_first").map((example) => [title(example), example] as const))("%s", (_, { tasks, responses }) => {
    expect(tasks.map((_task, level) => completions(tasks, level, 1)[0])).toEqual(responses);
  });
});

describe("busy times with jitter", () => {
  test.each(of("fp_busy").map((example) => [title(example), example] as const))("%s", (_, example) => {
    const { tasks, busy, from_release } = example;
    expect(busy.map(({ length }, level) => completions(tasks, level, length))).toEqual(busy);
    const bounds = analyze(alone(tasks, "fp")).tasks.map(({ response_bound }) => response_bound!);
    for (const [level, response] of from_release.entries()) {
      if (response !== null) expect(bounds[level] - (tasks[level].jitter ?? 0)).toBe(response);
    }
  });
});

describe("EDF verdicts", () => {
  test.each(of("edf_verdict").map((example) => [title(example), example] as const))("%s", (_, example) => {
    expect(analyze(alone(example.tasks, "edf")).schedulable).toBe(example.schedulable);
  });
});

describe("whole systems", () => {
  test.each(of("scenario").map((example) => [title(example), example] as const))("%s", (_, example) => {
    const { scenario, verdicts, bounds, least } = scenarioOf(example);
    const { servers, tasks } = analyze(fromScenario(scenario));
    const named = tasks.map((task) => [`${task.server}/${task.name}`, task] as const);
    for (const [name, { schedulable, response_bound }] of named) {
      if (name in verdicts) expect(schedulable, name).toBe(verdicts[name]);
      if (name in bounds) expect(response_bound, name).toBe(bounds[name]);
    }
    for (const name of [...Object.keys(verdicts), ...Object.keys(bounds)]) {
      expect(named.map(([task]) => task)).toContain(name);
    }
    for (const [name, budget] of Object.entries(least)) {
      expect(servers.find((server) => server.name === name)?.min_budget, name).toBe(budget);
    }
  });

  test("one task in each reservation is designed with the budgets of the field", () => {
    const example = of("scenario").find(({ id }) => id === "field-one-task-per-reservation")!;
    const { scenario, least } = scenarioOf(example);
    const choice = assignHost(fromScenario(scenario), [[166], [100]]);
    expect(choice?.system.servers.map(({ name, budget }) => [name, budget])).toEqual(Object.entries(least));
    expect(choice?.isOptimal).toBe(true);
  });
});

describe("supply of a periodic server", () => {
  const forEveryServer = (check: (supply: Supply, period: number, budget: number) => void) => {
    for (let period = 1; period <= 12; period++) {
      for (let budget = 1; budget <= period; budget++) {
        check(new ReservationSupply(period, budget, period - budget, period), period, budget);
      }
    }
  };

  test.each(of("prm_sbf_formula").map((example) => [title(example)] as const))("%s", () => {
    forEveryServer((supply, period, budget) => {
      const blackout = period - budget;
      for (let t = 0; t <= 5 * period; t++) {
        const full = Math.max(0, Math.floor((t - blackout) / period));
        const expected = t <= blackout ? 0 : full * budget + Math.max(0, t - 2 * blackout - full * period);
        expect(supply.at(t)).toBe(expected);
      }
    });
  });

  test.each(of("prm_sbf_k_form").map((example) => [title(example)] as const))("%s", () => {
    forEveryServer((supply, period, budget) => {
      for (let t = 0; t <= 5 * period; t++) {
        const k = Math.max(Math.ceil((t - (period - budget)) / period), 1);
        const inRamp = t >= (k + 1) * period - 2 * budget && t <= (k + 1) * period - budget;
        const expected = inRamp ? t - (k + 1) * (period - budget) : (k - 1) * budget;
        expect(supply.at(t)).toBe(expected);
      }
    });
  });
});

describe("least capacity of a periodic server", () => {
  const capacities = of("prm_capacity");
  const scaled = ({ tasks }: Example, factor: number) => {
    const times = tasks.map(({ wcet, period, deadline }) => {
      return { wcet: wcet * factor, period: period * factor, deadline: deadline * factor };
    });
    return fromScenario({ servers: [{ tasks: times }] }).servers[0].tasks;
  };
  const least = (example: Example, factor: number) => {
    const period = example.period * factor;
    const question = { guest: example.guest, priorities: "rm", periods: [period, period], switch: 0 } as const;
    return design({ ...question, tasks: scaled(example, factor) }).curve[0][1]!;
  };

  const paper = capacities.filter(({ id }) => id.startsWith("shin-lee"));
  test.each(paper.map((example) => [title(example), example] as const))("%s", (_, example) => {
    // Published to two decimals, so a hundredth of the period is the resolution.
    const factor = 100 / example.period;
    expect(least(example, factor) / (example.period * factor)).toBe(example.capacity);
  });

  const byId = (id: string) => capacities.find((example) => example.id === id)!;

  test(`${title(byId("csf-comment-2"))}: too little, 50 time units bring at most four times 3.1 but demand 13`, () => {
    const example = byId("csf-comment-2");
    const server: Server = { ...alone([], "edf").servers[0], tasks: scaled(example, 10) };
    const system = { ...alone([], "edf"), servers: [server] };
    const demand = new DeadlineDemand(server, 0, switchCost(system, 0));
    const supply = new ReservationSupply(100, 31, 69, 100);
    expect(firstLateDeadline(demand, supply)).toEqual({ interval: 500, demand: 130, supply: 124 });
    expect(least(example, 100)).toBe(325);
  });

  test(`${title(byId("csf-comment-3"))}: the linear bound in tenths, the exact supply needs less`, () => {
    const example = byId("csf-comment-3");
    // In tenths of a time unit: 75 of 100 ticks are demanded of a supply of Q in 50.
    const linear = (budget: number): boolean => {
      const bound = boundedDelay(new ReservationSupply(50, budget, 50 - budget, 50))!;
      return value(bound.rate) * (100 - value(bound.delay)) >= 75;
    };
    expect([43, 44].map(linear)).toEqual([false, true]);
    expect(example.capacity * 50).toBe(44);
    expect(least(example, 1)).toBe(42);
  });
});

function value({ numerator, denominator }: Ratio): number {
  return Number(numerator) / Number(denominator);
}
