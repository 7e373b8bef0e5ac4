// The rules on a host: the fields that it has, and the windows of a table.

import * as abi from "../../../assembly/abi.js";
import { HOST_FIELDS, slotOf } from "../../model/fields.js";
import { HOST_DEFAULT, HOSTS, type HostScheduler, hostFacts, hostsWith, OWN_HOST_FIELDS } from "../../model/hosts.js";
import { Checker, onlyThese, type Report } from "./checker.js";
import { checkTable, windowCount } from "./windows.js";

export function checkHost(flat: Float64Array, report: Report): void {
  const host = new Checker(flat, 0, "host", 0, report);
  host.minima(HOST_FIELDS);
  const id = host.value(abi.IN_HEADER_HOST_SCHEDULER);
  if (Number.isNaN(id)) return;
  const scheduler = id === abi.ABSENT ? HOST_DEFAULT : HOSTS[id];
  for (const { field, slot, isRequired, why } of RULES[scheduler]) {
    if (isRequired) host.required(field, slot, why);
    else host.unused(field, slot, why);
  }
  const isTable = hostFacts(scheduler).required.includes("windows");
  if (isTable && windowCount(flat) <= abi.WINDOWS_MAX) checkTable(flat, report);
}

const SLOTS = [...HOST_FIELDS, { name: "windows", slot: abi.IN_HEADER_WINDOWS }];

/** What a host scheduler demands of the fields that only some have. */
function rulesOf(scheduler: HostScheduler) {
  return OWN_HOST_FIELDS.map((field) => {
    const isRequired = hostFacts(scheduler).required.includes(field);
    const needed = field === "windows" ? `a ${scheduler} needs its windows` : undefined;
    const why = isRequired ? needed : `under host ${scheduler}; ${onlyThese(hostsWith(field), field)}`;
    return { field, slot: slotOf(SLOTS, field), isRequired, why: why ?? "it has no default" };
  });
}

const RULES = Object.fromEntries(HOSTS.map((scheduler) => [scheduler, rulesOf(scheduler)])) as Record<
  HostScheduler,
  ReturnType<typeof rulesOf>
>;
