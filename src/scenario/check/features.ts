// The rules on what few servers have (semantics.md section 10.8), beside what their policy has. A server without any of it is
// not looked at.

import * as abi from "../../../assembly/abi.js";
import { CLOCKS, fieldsWithin, SERVER_FIELDS, slotOf, slotsWithin } from "../../model/fields.js";
import { HOST_DEFAULT, HOSTS, type HostScheduler } from "../../model/hosts.js";
import { factsOf, POLICY_FIELDS, type Policy, policiesWith, takes } from "../../model/policies.js";
import { type Checker, kept, listed, oneOf, onlyThese, type ShowTime } from "./checker.js";

/** Whether the server has anything of this. */
export function hasFeatures(server: Checker): boolean {
  for (let slot = abi.IN_SERVER_FEATURES; slot < abi.IN_SERVER_FEATURES_END; slot++) if (server.has(slot)) return true;
  return false;
}

/** @param hostId of the host's scheduler as in the flat scenario */
export function checkFeatures(server: Checker, policy: Policy | undefined, hostId: number): void {
  server.minima(FEATURES);
  if (policy !== undefined) for (const { name, slots, why } of unusedBy(policy)) server.unused(name, slots, why);
  if (!Number.isNaN(hostId)) checkHostBound(server, policy, hostId === abi.ABSENT ? HOST_DEFAULT : HOSTS[hostId]);
  checkDeadline(server, policy);
  checkCompany(server);
  checkLimits(server, policy);
}

const FEATURES = SERVER_FIELDS.filter(
  ({ slot }) => slot >= abi.IN_SERVER_FEATURES && slot < abi.IN_SERVER_FEATURES_END,
);

/** Why a server of this policy cannot have the field. */
export function unusedWhy(policy: Policy, field: string): string {
  return `for a server that is ${policy}; ${onlyThese(policiesWith(field), field)}`;
}

/** The fields of other policies. */
function unusedOf(policy: Policy) {
  const names = POLICY_FIELDS.filter((field) => field !== "windows" && !takes(policy, field));
  const rules = names.map((name) => ({ name, slots: slotsWithin(SERVER_FIELDS, name), why: unusedWhy(policy, name) }));
  return rules.filter(({ slots }) => slots[0] >= abi.IN_SERVER_FEATURES);
}

const unusedBy = kept(unusedOf);

/** What goes only with some hosts. */
function checkHostBound(server: Checker, policy: Policy | undefined, host: HostScheduler): void {
  for (const { name, slots, hosts } of HOST_BOUND)
    if (!hosts.includes(host)) server.unused(name, slots, `under host ${host}; it goes with host ${oneOf(hosts)}`);
  if (server.value(abi.IN_SERVER_CLOCK) !== abi.CLOCK_EXECUTION || policy === undefined) return;
  if (host === "table" || EXECUTION_POLICIES.includes(policy)) return;
  server.say(
    "clock",
    () =>
      `execution does not go with a ${policy} server; it goes with ${oneOf(EXECUTION_POLICIES)}, and with host table`,
  );
}

const HOST_BOUND: readonly { name: string; slots: readonly number[]; hosts: readonly HostScheduler[] }[] = [
  { name: "deadline", slots: [abi.IN_SERVER_DEADLINE_GUEST], hosts: ["edf"] },
  { name: "latency.wake", slots: slotsWithin(SERVER_FIELDS, "latency.wake"), hosts: ["fp", "edf"] },
];

/** Their guests run in windows that are known, or use their budget without a job too. */
const EXECUTION_POLICIES: readonly Policy[] = ["idling", "recorded"];

/** A `deadline` is a number for some policies, and `guest` for others. */
function checkDeadline(server: Checker, policy: Policy | undefined): void {
  if (policy === undefined || !takes(policy, "deadline")) return;
  const value = server.value(abi.IN_SERVER_DEADLINE);
  if (factsOf(policy).onlyGuestDeadline) {
    if (server.isGiven(abi.IN_SERVER_DEADLINE))
      server.say(
        "deadline",
        (show) => `${show(value)} means nothing for a ${policy} server; its deadline can be guest`,
      );
  } else server.unused("deadline", abi.IN_SERVER_DEADLINE_GUEST, `as guest for a ${policy} server; it is a number`);
}

/** What needs, or excludes, something else. */
function checkCompany(server: Checker): void {
  for (const { name, slot, others, why } of NEEDS) {
    if (!others.some((other) => isSet(server, other) || Number.isNaN(server.value(other))))
      server.unused(name, slot, why);
  }
  if (FEEDBACK.some(({ slot }) => server.has(slot)))
    for (const { name, slot } of FEEDBACK) server.required(name, slot, "a feedback needs it");
  if (server.isGiven(abi.IN_SERVER_BACKGROUND_PRIORITY))
    server.unused(
      "background.weight",
      abi.IN_SERVER_BACKGROUND_WEIGHT,
      "beside background.priority; it is one of the two",
    );
  if (isSet(server, abi.IN_SERVER_REALTIME)) server.unused("laxity", abi.IN_SERVER_LAXITY, "with realtime");
  const clock = server.value(abi.IN_SERVER_CLOCK);
  if (!(clock > abi.CLOCK_HOST)) return;
  const others = HOST_TIMED.filter(({ slots }) => slots.some((slot) => server.isGiven(slot))).map(({ name }) => name);
  if (others.length > 0)
    server.say("clock", () => `${CLOCKS[clock]} does not go with ${listed(others, "and")}, which goes by host time`);
}

/** Whether a field is there, and a flag true. */
function isSet(server: Checker, slot: number): boolean {
  return slot === abi.IN_SERVER_RECLAIM || slot === abi.IN_SERVER_EXTRATIME || slot === abi.IN_SERVER_REALTIME
    ? server.value(slot) === 1
    : server.isGiven(slot);
}

const ENFORCED = ["enforce_every", "reclaim"];

/** A field, and what it goes beside. */
const NEEDS = (
  [
    ["enforce_phase", ENFORCED],
    ["overrun", ENFORCED],
    ["enforce_cost", ENFORCED],
    ["extraweight", ["extratime"]],
  ] as const
).map(([name, others]) => ({
  name,
  slot: slotOf(SERVER_FIELDS, name),
  others: others.map((other) => slotOf(SERVER_FIELDS, other)),
  why: `without ${oneOf(others)}`,
}));

/** All of it, or nothing. */
const FEEDBACK = fieldsWithin(SERVER_FIELDS, "feedback");

const HOST_TIMED = [
  { name: "deadline guest", slots: [abi.IN_SERVER_DEADLINE_GUEST] },
  { name: "feedback", slots: slotsWithin(SERVER_FIELDS, "feedback") },
  { name: "latency", slots: slotsWithin(SERVER_FIELDS, "latency") },
];

/** One number that another one bounds. */
interface Limit {
  readonly field: string;
  /** The first of them that is there bounds it; with `otherwise`, where none is. */
  readonly by: readonly string[];
  readonly otherwise?: number;
  isBroken(value: number, limit: number): boolean;
  text(limit: string, by: string): string;
}

const atMost = (field: string, ...by: string[]): Limit => ({
  field,
  by,
  isBroken: (value, limit) => value > limit,
  text: (limit, name) => `exceeds the ${name} ${limit}`,
});
const atLeast = (field: string, ...by: string[]): Limit => ({
  field,
  by,
  isBroken: (value, limit) => value < limit,
  text: (limit, name) => `is less than the ${name} ${limit}`,
});
const below = (field: string, otherwise: number | undefined, ...by: string[]): Limit => ({
  field,
  by,
  ...(otherwise === undefined ? {} : { otherwise }),
  isBroken: (value, limit) => value >= limit,
  text: (limit, name) => `is not less than the ${name} ${limit}`,
});

const LIMITS = [
  below("enforce_phase", 1, "enforce_every"),
  atLeast("deadline", "budget"),
  atMost("deadline", "period"),
  atMost("feedback.lowest", "budget"),
  atLeast("feedback.highest", "budget"),
  atMost("feedback.highest", "deadline", "period"),
  atMost("utilization[0]", "utilization[1]"),
  atMost("latency.wake[0]", "latency.wake[1]"),
  atMost("latency.replenish[0]", "latency.replenish[1]"),
  below("latency.replenish[1]", undefined, "period"),
].map((limit) => ({
  ...limit,
  slot: slotOf(SERVER_FIELDS, limit.field),
  isTime: SERVER_FIELDS.some(({ name, kind }) => name === limit.field && kind === "time"),
  bounds: limit.by.map((name) => ({ name, slot: slotOf(SERVER_FIELDS, name) })),
}));

function checkLimits(server: Checker, policy: Policy | undefined): void {
  for (const { field, slot, bounds, otherwise, isTime, isBroken, text } of LIMITS) {
    if (!server.isGiven(slot) || policy === undefined) continue;
    const by = bounds.find((bound) => takes(policy, bound.name) && server.has(bound.slot)) ?? bounds[0];
    const limit = server.has(by.slot) ? server.value(by.slot) : otherwise;
    const value = server.value(slot);
    if (limit === undefined || !isBroken(value, limit)) continue;
    const write = (show: ShowTime, number: number) => (isTime ? show(number) : String(number));
    server.say(field, (show) => `${write(show, value)} ${text(write(show, limit), by.name)}`);
  }
  const cap = server.value(abi.IN_SERVER_CAP);
  if (cap > 100) server.say("cap", () => `${cap} is more than 100; it is a percentage of the CPU, and 0 is no cap`);
}
