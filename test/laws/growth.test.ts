// A longer run goes through the shorter one: nothing that the first part counted is taken back, and the counters of the
// whole can be put together from what each tick adds.

import { describe, expect } from "vitest";
import { percentile } from "../reference/counters.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import type { ReferenceResult } from "../reference/types.js";
import { law } from "./law.js";
import { completions, growingRuns, growth, owners } from "./timeline.js";

const HORIZON_MAX = 120;
const toHorizon = scenarioArbitrary({ stops: ["horizon"], horizonMax: HORIZON_MAX });

/** Counters that follow a distribution, and go up and down. */
const SHIFTING = new Set(["response_p50", "response_p90", "response_p99", "response_p999"]);

type Row = Readonly<Record<string, string | number | null>>;

function rows(run: ReferenceResult): Row[] {
  return [run.host, ...run.servers, ...run.tasks] as unknown as Row[];
}

function expectGrown(before: Row, after: Row): void {
  for (const [name, value] of Object.entries(after)) {
    const old = before[name]!;
    if (SHIFTING.has(name) || value === old || old === null) continue;
    if (name === "response_min") expect(value, name).toBeLessThan(old as number);
    else expect(value, name).toBeGreaterThan(old as number);
  }
}

function longestStretch(flags: readonly boolean[]): number {
  const ends = flags.flatMap((flag, i) => (flag ? [] : [i]));
  return Math.max(...[...ends, flags.length].map((end, i) => end - 1 - (ends[i - 1] ?? -1)));
}

describe("splitting a horizon", () => {
  law("takes nothing back of what the first part counted", 250, scenarioArbitrary({ horizonMax: 60 }), (scenario) => {
    const runs = growingRuns(scenario);
    for (let i = 1; i < runs.length; i++) {
      const before = rows(runs[i - 1]!);
      rows(runs[i]!).forEach((row, j) => {
        expectGrown(before[j]!, row);
      });
    }
  });

  law(
    "adds nothing after the end of a run that stops at its first miss",
    250,
    scenarioArbitrary({ stops: ["first-miss"], horizonMax: 60 }),
    (scenario) => {
      const runs = growingRuns(scenario);
      for (let i = 1; i < runs.length; i++) {
        // A run to h that ended before h has met a miss; a longer one meets the same.
        if (runs[i - 1]!.host.end < i) expect(runs[i]).toStrictEqual(runs[i - 1]);
        else expect(runs[i]!.host.end).toBeOneOf([i, i + 1]);
      }
    },
  );

  law("gives every tick to one server, or to none, and ends with the horizon", 250, toHorizon, (scenario) => {
    const runs = growingRuns(scenario);
    const supplies = runs[0]!.servers.map((_, server) => growth(runs, (run) => run.servers[server]!.supply));
    const idled = runs[0]!.servers.map((_, server) => growth(runs, (run) => run.servers[server]!.idled));
    const idle = growth(runs, (run) => run.host.idle);
    runs.forEach((run, tick) => {
      expect(run.host.end).toBe(tick + 1);
      const shares = [...supplies.map((supply) => supply[tick]!), idle[tick]!].sort();
      expect(shares).toStrictEqual([...runs[0]!.servers.map(() => 0), 1]);
      idled.forEach((each, server) => {
        expect(each[tick]).toBeOneOf([0, supplies[server]![tick]]);
      });
    });
  });

  law("adds up to a server's switches and blackouts", 250, toHorizon, (scenario) => {
    const runs = growingRuns(scenario);
    const whole = runs.at(-1)!;
    const timeline = owners(runs);
    const busy = timeline.filter((owner) => owner !== null);
    whole.servers.forEach((server, number) => {
      const switches = busy.filter((owner, i) => owner === number && busy[i - 1] !== number).length;
      expect(server.switches).toBe(switches);
      expect(server.blackout_max).toBe(longestStretch(timeline.map((owner) => owner !== number)));
    });
  });

  law("adds up to a task's responses", 250, toHorizon, (scenario) => {
    const runs = growingRuns(scenario);
    const deadlines = scenario.servers.flatMap(({ tasks }) => tasks.map((task) => task.deadline ?? task.period));
    runs.at(-1)!.tasks.forEach((task, number) => {
      const all = completions(runs, number);
      const responses = all.map(({ response }) => response);
      expect(all.length).toBe(task.completed);
      const gaps = all.slice(1).map(({ time }, i) => time - all[i]!.time);
      const greatest = (values: number[]) => (values.length === 0 ? null : Math.max(...values));
      expect(task).toMatchObject({
        response_min: responses.length === 0 ? null : Math.min(...responses),
        response_max: greatest(responses),
        response_p50: percentile(responses, 500),
        response_p90: percentile(responses, 900),
        response_p99: percentile(responses, 990),
        response_p999: percentile(responses, 999),
        gap_max: greatest(gaps),
        tardiness_max: Math.max(0, ...responses.map((response) => response - deadlines[number]!)),
      });
    });
  });
});
