// One row of facts for each policy, host and guest: its number, its fields, and what the documents say of it.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { BOUNDS } from "../../src/analysis/policies.js";
import { RUN_FIELDS, SERVER_FIELDS, TASK_FIELDS } from "../../src/model/fields.js";
import { GUEST_FACTS, GUESTS, guestFacts } from "../../src/model/guests.js";
import { HOST_FACTS, HOSTS, hostFacts } from "../../src/model/hosts.js";
import { factsOf, POLICIES, POLICY_FACTS, policiesUnder } from "../../src/model/policies.js";

test.each([
  ["policies", POLICIES.map((name) => POLICY_FACTS[name].id)],
  ["hosts", HOSTS.map((name) => HOST_FACTS[name].id)],
  ["guests", GUESTS.map((name) => GUEST_FACTS[name].id)],
])("%s stand at the index of their id", (_, ids) => {
  expect(ids).toStrictEqual(ids.map((_, index) => index));
});

test("every field that a policy names is a field of a server", () => {
  const names = [...SERVER_FIELDS.map(({ name }) => name), "windows"];
  for (const policy of POLICIES) {
    for (const field of [...factsOf(policy).required, ...factsOf(policy).optional])
      expect(names, policy).toContain(field);
  }
});

test("every field of a record has a name and a slot of its own", () => {
  for (const fields of [RUN_FIELDS, SERVER_FIELDS, TASK_FIELDS]) {
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
