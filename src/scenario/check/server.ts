// The rules on a server: its policy and the fields that go with it, its guest, its recorded windows.

import * as abi from "../../../assembly/abi.js";
import { SERVER_FIELDS, serverAt, slotOf, slotsWithin } from "../../model/fields.js";
import { GUESTS, guestFacts } from "../../model/guests.js";
import { HOST_DEFAULT, HOSTS, hostFacts } from "../../model/hosts.js";
import { factsOf, POLICIES, POLICY_FIELDS, type Policy, policiesUnder, takes } from "../../model/policies.js";
import { Checker, kept, oneOf, type Report, type ShowTime } from "./checker.js";
import { checkFeatures, hasFeatures, unusedWhy } from "./features.js";
import { checkRecording, ownWindows, windowCount } from "./windows.js";

/** @param firstWindow number of the server's first window */
export function checkServer(flat: Float64Array, index: number, firstWindow: number, report: Report): void {
  const server = new Checker(flat, serverAt(index), "server", index, report);
  server.minima(PLAIN_FIELDS);
  const hostId = pickingScheduler(flat, server.value(abi.IN_SERVER_PARENT));
  const policy = policyOf(server, hostId);
  checkGuest(server, policy);
  if (hasFeatures(server)) checkFeatures(server, policy, hostId);
  if (policy !== undefined) {
    checkFields(server, policy);
    if (takes(policy, "windows") && windowCount(flat) <= abi.WINDOWS_MAX)
      checkRecording(flat, firstWindow, firstWindow + ownWindows(flat, index), report);
  }
  const tasks = server.value(abi.IN_SERVER_TASKS);
  if (tasks > abi.TASKS_PER_SERVER_MAX) {
    server.say("tasks", () => `${tasks} tasks are more than the ${abi.TASKS_PER_SERVER_MAX} that one server can have`);
  }
}

/** What picks a server: the host, or the server that it is in, whose schedulers have the numbers of the host's. */
function pickingScheduler(flat: Float64Array, parent: number): number {
  if (parent === abi.ABSENT) return flat[abi.IN_HEADER_HOST_SCHEDULER];
  const id = flat[serverAt(parent) + abi.IN_SERVER_SCHEDULER];
  return id === abi.GUEST_FIFO ? Number.NaN : id; // refused where it stands
}

/** The policy of a server that goes with its host; undefined, and said so, where there is none. */
function policyOf(server: Checker, hostId: number): Policy | undefined {
  const id = server.value(abi.IN_SERVER_POLICY);
  if (Number.isNaN(id)) return undefined;
  if (Number.isNaN(hostId)) return id === abi.ABSENT ? undefined : POLICIES[id];
  const host = hostId === abi.ABSENT ? HOST_DEFAULT : HOSTS[hostId];
  if (id === abi.ABSENT) {
    if (hostFacts(host).impliesPolicy) return policiesUnder(host)[0];
    server.say("policy", () => `is missing; one of ${policiesUnder(host).join(", ")}`);
    return undefined;
  }
  const policy = POLICIES[id];
  if (factsOf(policy).hosts.includes(host)) return policy;
  server.say(
    "policy",
    () => `${policy} does not go with host ${host}, under which a server is ${oneOf(policiesUnder(host))}`,
  );
  return undefined;
}

/** The fields of its policy are there, and no others. */
function checkFields(server: Checker, policy: Policy): void {
  const { required, unused, least, relations } = rulesBy(policy);
  for (const { name, slot, why } of required) server.required(name, slot, why);
  for (const { name, slots, why } of unused) server.unused(name, slots, why);
  for (const { name, slot, number, isTime } of least) {
    const value = server.value(slot);
    if (value === abi.ABSENT || !(value < number)) continue;
    if (isTime) server.say(name, (show) => `${show(value)} is not positive`);
    else server.say(name, () => `${value} is less than ${number}, the least that ${policy} servers can have`);
  }
  if (server.value(abi.IN_SERVER_BUDGET) === 0 && takes(policy, "extraweight")) checkWithoutBudget(server);
  for (const { name, slot, limitSlot, isBroken, text } of relations) {
    const value = server.value(slot);
    const limit = server.value(limitSlot);
    if (value !== abi.ABSENT && limit !== abi.ABSENT && isBroken(value, limit))
      server.say(name, (show) => `${show(value)} ${text(limit, show)}`);
  }
  if (takes(policy, "windows") && server.value(abi.IN_SERVER_WINDOWS) === 0)
    server.say("windows", () => `has no window; a ${policy} server has at least one`);
}

/** A server without budget lives on extra time. */
function checkWithoutBudget(server: Checker): void {
  const hasExtraTime = server.value(abi.IN_SERVER_EXTRATIME) === 1;
  const why = "with a budget of 0 it would never run";
  if (server.value(abi.IN_SERVER_EXTRATIME) === 0) server.say("extratime", () => `is false; ${why}`);
  else if (!hasExtraTime) server.required("extratime", abi.IN_SERVER_EXTRATIME, why);
  server.required("extraweight", abi.IN_SERVER_EXTRAWEIGHT, "with a budget of 0 nothing else says its share");
}

/** One time that another one bounds. */
interface Relation {
  readonly field: string;
  readonly than: string;
  isBroken(value: number, limit: number): boolean;
  text(limit: number, show: ShowTime): string;
}

const isAbove = (value: number, limit: number) => value > limit;
const isBelow = (value: number, limit: number) => value < limit;

const RELATIONS: readonly Relation[] = [
  {
    field: "budget",
    than: "period",
    isBroken: isAbove,
    text: (period, show) => `exceeds the period ${show(period)}; a budget is at most its period`,
  },
  {
    field: "period_max",
    than: "period",
    isBroken: isBelow,
    text: (period, show) => `is less than the period ${show(period)}`,
  },
  {
    field: "budget_min",
    than: "budget",
    isBroken: isAbove,
    text: (budget, show) => `exceeds the budget ${show(budget)}`,
  },
];

const PLAIN_FIELDS = SERVER_FIELDS.filter(({ slot }) => slot < abi.IN_SERVER_FEATURES);
const SLOTS = [...SERVER_FIELDS, { name: "windows", slot: abi.IN_SERVER_WINDOWS }];

function slotsOf(name: string): number[] {
  return name === "windows" ? [abi.IN_SERVER_WINDOWS] : slotsWithin(SERVER_FIELDS, name);
}

/** What a policy demands of the fields, ready to be looked at in every cell; what few servers have: see features.ts. */
function rulesOf(policy: Policy) {
  const { required, least } = factsOf(policy);
  const named = (name: string) => ({ name, slot: slotOf(SLOTS, name) });
  const unused = POLICY_FIELDS.filter(
    (field) => !takes(policy, field) && slotsOf(field)[0] < abi.IN_SERVER_FEATURES,
  ).map((name) => ({ name, slots: slotsOf(name), why: unusedWhy(policy, name) }));
  const relations = RELATIONS.filter(({ field, than }) => takes(policy, field) && takes(policy, than)).map(
    ({ field, than, isBroken, text }) => ({ ...named(field), limitSlot: slotOf(SLOTS, than), isBroken, text }),
  );
  return {
    required: required.map((name) => ({
      name,
      slot: slotsOf(name)[0],
      why: name === "windows" ? `a ${policy} server needs its windows` : undefined,
    })),
    least: Object.entries(least).map(([name, number]) => ({
      ...named(name),
      number,
      isTime: SERVER_FIELDS.some((field) => field.name === name && field.kind === "time"),
    })),
    unused,
    relations,
  };
}

const rulesBy = kept(rulesOf);

function checkGuest(server: Checker, policy: Policy | undefined): void {
  const id = server.value(abi.IN_SERVER_SCHEDULER);
  if (Number.isNaN(id)) return;
  const needed = policy && factsOf(policy).guest;
  if (needed !== undefined && (id === abi.ABSENT || GUESTS[id] !== needed)) {
    const found = id === abi.ABSENT ? "is missing" : `${GUESTS[id]} does not go with ${policy}`;
    server.say("scheduler", () => `${found}; the guest of a ${policy} server is ${needed}, written out`);
  }
  if (id === abi.ABSENT || guestFacts(GUESTS[id]).hasPriorities) return;
  const having = GUESTS.filter((guest) => guestFacts(guest).hasPriorities);
  server.unused("priorities", abi.IN_SERVER_PRIORITIES, `unless the guest's scheduler is ${oneOf(having)}`);
}
