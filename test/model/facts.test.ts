// One row of facts for each policy, host and guest: its number, its fields, and what the documents say of it.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { BOUNDS } from "../../src/analysis/policies.js";
import { FAIR_ALGORITHMS, fairFacts } from "../../src/model/fair.js";
import { HOST_FIELDS, RUN_FIELDS, SERVER_FIELDS, slotsWithin, TASK_FIELDS } from "../../src/model/fields.js";
import { GUEST_FACTS, GUESTS, guestFacts } from "../../src/model/guests.js";
import { HOST_FACTS, HOSTS, hostFacts } from "../../src/model/hosts.js";
import { factsOf, POLICIES, POLICY_FACTS, policiesUnder } from "../../src/model/policies.js";

test.each([
  ["policies", POLICIES.map((name) => POLICY_FACTS[name].id)],
  ["hosts", HOSTS.map((name) => HOST_FACTS[name].id)],
  ["guests", GUESTS.map((name) => GUEST_FACTS[name].id)],
  ["algorithms", FAIR_ALGORITHMS.map((name) => fairFacts(name).id)],
])("%s stand at the index of their id", (_, ids) => {
  expect(ids).toStrictEqual(ids.map((_, index) => index));
});

test("every field that a policy names is a field of a server, or the start of some", () => {
  for (const policy of POLICIES) {
    for (const field of [...factsOf(policy).required, ...factsOf(policy).optional])
      if (field !== "windows") expect(slotsWithin(SERVER_FIELDS, field), policy).not.toHaveLength(0);
  }
});

test("every field that a host or an algorithm names is a field of a host, or the start of some", () => {
  for (const field of HOSTS.flatMap((host) => [...hostFacts(host).required, ...hostFacts(host).optional]))
    if (field !== "windows") expect(slotsWithin(HOST_FIELDS, field)).not.toHaveLength(0);
  for (const { required, optional } of FAIR_ALGORITHMS.map(fairFacts))
    for (const field of [...required, ...optional]) expect(slotsWithin(HOST_FIELDS, `fair.${field}`)).toHaveLength(1);
});

test("every slot of a record is in a field, or is a count or refers to another record", () => {
  const written = SERVER_FIELDS.flatMap(({ slot, word }) => (word === undefined ? [slot] : [slot, word.slot]));
  const counts = [abi.IN_SERVER_TASKS, abi.IN_SERVER_WINDOWS, abi.IN_SERVER_VCPUS];
  counts.push(abi.IN_SERVER_PARENT, abi.IN_SERVER_AFFINITY_LOW, abi.IN_SERVER_AFFINITY_HIGH);
  expect([...written, ...counts].sort((a, b) => a - b)).toStrictEqual([...new Array(abi.IN_SERVER_SIZE).keys()]);
  const ofTask = [...TASK_FIELDS.map(({ slot }) => slot), abi.IN_TASK_JOBS, abi.IN_TASK_PARTS];
  ofTask.push(abi.IN_TASK_VCPU, abi.IN_TASK_AFTER, abi.IN_TASK_DEFER_WHILE);
  expect(ofTask.sort((a, b) => a - b)).toStrictEqual([...new Array(abi.IN_TASK_SIZE).keys()]);
});

test("every field of a record has a name and a slot of its own", () => {
  for (const fields of [RUN_FIELDS, HOST_FIELDS, SERVER_FIELDS, TASK_FIELDS]) {
    expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
    expect(new Set(fields.map(({ slot }) => slot)).size).toBe(fields.length);
  }
});

test("where a policy need not be said there is one", () => {
  for (const host of HOSTS) {
    const policies = policiesUnder(host);
    expect(policies.length, host).toBeGreaterThan(0);
    if (hostFacts(host).impliesPolicy) expect(policies, host).toHaveLength(1);
  }
});

test("bounds are proved only of policies under hosts that take them", () => {
  for (const policy of POLICIES) {
    for (const host of HOSTS) if (BOUNDS[policy][host]) expect(factsOf(policy).hosts, policy).toContain(host);
  }
});

describe("docs/policies.md says what the rows say", () => {
  const cells = (line: string) => line.split("|").map((cell) => cell.trim());
  const rows = readFileSync(new URL("../../docs/policies.md", import.meta.url), "utf8")
    .split("\n")
    .map(cells);

  test.each([...POLICIES])("of %s", (policy) => {
    const { meaning, paper } = factsOf(policy);
    const row = rows.find(([, name]) => name === `[\`${policy}\`](../assembly/policies/${policy}.ts)`);
    expect(row?.slice(2)).toStrictEqual([meaning, paper, ""]);
  });

  test.each([...POLICIES])("of the events of %s", (policy) => {
    const own = rows.filter(([, name, event]) => name === `\`${policy}\`` && event !== undefined);
    const events = Object.entries(factsOf(policy).events);
    expect(own.map((row) => row.slice(2))).toStrictEqual(events.map(([event, text]) => [`\`${event}\``, text, ""]));
  });

  test.each([...HOSTS])("of host %s", (host) => {
    const { meaning, paper } = hostFacts(host);
    const row = rows.find(([, name]) => name === `[\`${host}\`](../assembly/hosts/${host}.ts)`);
    expect(row?.slice(2)).toStrictEqual([meaning, paper, ""]);
  });

  test.each([...GUESTS])("of guest %s", (guest) => {
    const { meaning, paper } = guestFacts(guest);
    const row = rows.find(([, name]) => name === `[\`${guest}\`](../assembly/guests/${guest}.ts)`);
    expect(row?.slice(2)).toStrictEqual([meaning, paper, ""]);
  });
});

test("no field says a default that is less than it may be", () => {
  const defaults = [...RUN_FIELDS, ...HOST_FIELDS, ...SERVER_FIELDS, ...TASK_FIELDS].flatMap(
    ({ name, min, description }) => {
      const [, value] = /; by default (\d+)\b/.exec(description) ?? [];
      return value === undefined ? [] : [{ name, min, value: Number(value) }];
    },
  );
  expect(defaults.length).toBeGreaterThan(10);
  expect(defaults.filter(({ min, value }) => value < min)).toEqual([]);
});
