// The rules on a host: the fields that it has, and the windows of a table.

import * as abi from "../../../assembly/abi.js";
import { FAIR_ALGORITHMS, type FairAlgorithm, fairFacts } from "../../model/fair.js";
import { fieldsWithin, HOST_FIELDS, slotOf, slotsWithin } from "../../model/fields.js";
import { HOST_DEFAULT, HOSTS, type HostScheduler, hostFacts, hostsWith, OWN_HOST_FIELDS } from "../../model/hosts.js";
import { Checker, kept, onlyThese, type Report } from "./checker.js";
import { checkTable, windowCount } from "./windows.js";

export function checkHost(flat: Float64Array, report: Report): void {
  const host = new Checker(flat, 0, "host", 0, report);
  host.minima(HOST_FIELDS);
  const cpus = host.value(abi.IN_HEADER_CPUS);
  if (cpus > abi.CPUS_MAX)
    host.say("cpus", () => `${cpus} CPUs are more than the ${abi.CPUS_MAX} that a host can have`);
  const id = host.value(abi.IN_HEADER_HOST_SCHEDULER);
  if (Number.isNaN(id)) return;
  const scheduler = id === abi.ABSENT ? HOST_DEFAULT : HOSTS[id];
  for (const { field, slots, isRequired, why } of rulesBy(scheduler)) {
    if (isRequired) host.required(field, slots[0], why);
    else host.unused(field, slots, why);
  }
  checkFair(host);
  for (const { field, slot, most, mostSlot } of RELATIONS) {
    const limit = host.value(mostSlot);
    host.atMost(field, slot, limit, (show) => `exceeds the ${most} ${show(limit)}`);
  }
  checkFractions(host);
  const isTable = hostFacts(scheduler).required.includes("windows");
  if (isTable && windowCount(flat) <= abi.WINDOWS_MAX) checkTable(flat, report);
}

/** The best-effort class has what its algorithm asks for, and nothing else. */
function checkFair(host: Checker): void {
  if (!FAIR.some(({ slot }) => host.has(slot))) return;
  const id = host.value(abi.IN_HEADER_FAIR_ALGORITHM);
  if (Number.isNaN(id)) return;
  host.required("fair.algorithm", abi.IN_HEADER_FAIR_ALGORITHM, `one of ${FAIR_ALGORITHMS.join(", ")}`);
  if (id === abi.ABSENT) return;
  const algorithm = FAIR_ALGORITHMS[id];
  const { required, optional } = fairFacts(algorithm);
  for (const { name, slot } of FAIR) {
    const own = name.slice("fair.".length);
    if (required.includes(own)) host.required(name, slot, `${algorithm} needs it`);
    else if (own !== "algorithm" && !optional.includes(own))
      host.unused(name, slot, `for ${algorithm}; ${onlyThese(algorithmsWith(own), own)}`);
  }
}

const FAIR = fieldsWithin(HOST_FIELDS, "fair");

function algorithmsWith(field: string): FairAlgorithm[] {
  return FAIR_ALGORITHMS.filter((algorithm) => {
    const { required, optional } = fairFacts(algorithm);
    return required.includes(field) || optional.includes(field);
  });
}

/** A share is at most 1. */
function checkFractions(host: Checker): void {
  for (const [field, slot] of FRACTIONS) {
    const numerator = host.value(slot);
    const denominator = host.value(slot + 1);
    if (numerator > denominator && denominator !== abi.ABSENT)
      host.say(field, () => `${numerator} / ${denominator} is more than 1; it is a share of one CPU`);
  }
}

const FRACTIONS = [
  ["bandwidth.max", abi.IN_HEADER_BANDWIDTH_MAX],
  ["bandwidth.reserved", abi.IN_HEADER_BANDWIDTH_RESERVED],
] as const;

/** Times that another one bounds. */
const RELATIONS = (
  [
    ["tick", "slice"],
    ["ratelimit", "slice"],
  ] as const
).map(([field, most]) => ({ field, slot: slotOf(HOST_FIELDS, field), most, mostSlot: slotOf(HOST_FIELDS, most) }));

/** What a host scheduler demands of the fields that only some have. */
function rulesOf(scheduler: HostScheduler) {
  const { required, optional } = hostFacts(scheduler);
  return OWN_HOST_FIELDS.filter((field) => !optional.includes(field)).map((field) => {
    const isRequired = required.includes(field);
    const needed = field === "windows" ? `a ${scheduler} needs its windows` : undefined;
    const why = isRequired ? needed : `under host ${scheduler}; ${onlyThese(hostsWith(field), field)}`;
    const slots = field === "windows" ? [abi.IN_HEADER_WINDOWS] : slotsWithin(HOST_FIELDS, field);
    return { field, slots, isRequired, why: why ?? "it has no default" };
  });
}

const rulesBy = kept(rulesOf);
