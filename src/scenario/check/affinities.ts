// The rules on which CPUs a VCPU may have (semantics.md section 11.2).

import * as abi from "../../../assembly/abi.js";
import { serverAt } from "../../model/fields.js";
import { affinityOf } from "../affinity.js";
import { Checker, type Report } from "./checker.js";

/** A list of CPUs that was given, or the default one. */
interface Listed {
  readonly server: Checker;
  readonly cpus: readonly number[];
  readonly isGiven: boolean;
}

export function checkAffinities(flat: Float64Array, report: Report): void {
  const cpus = flat[abi.IN_HEADER_CPUS] === abi.ABSENT ? 1 : flat[abi.IN_HEADER_CPUS];
  const isTable = flat[abi.IN_HEADER_HOST_SCHEDULER] === abi.HOST_TABLE;
  const lists: Listed[] = [];
  for (let number = 0; number < flat[abi.IN_HEADER_SERVERS]; number++) {
    const server = new Checker(flat, serverAt(number), "server", number, report);
    const given = affinityOf(flat, serverAt(number));
    const isTop = !server.has(abi.IN_SERVER_PARENT);
    if (given !== undefined && isTable)
      server.say("affinity", () => "means nothing under host table; its windows say the CPU");
    else if (given !== undefined && !isTop)
      server.say("affinity", () => "means nothing in another server; the topmost one has the CPU");
    else if (isTop && server.value(abi.IN_SERVER_AFFINITY_LOW) >= abi.ABSENT && cpus <= abi.CPUS_MAX)
      lists.push(list(server, given, cpus));
  }
  if (!isTable) checkClusters(lists.filter((each) => each.cpus.length > 0));
}

/** The CPUs of a VCPU; none, and said so, where some are not there. */
function list(server: Checker, given: readonly number[] | undefined, cpus: number): Listed {
  if (given === undefined) return { server, cpus: Array.from({ length: cpus }, (_, cpu) => cpu), isGiven: false };
  const unknown = given.filter((cpu) => cpu >= cpus);
  if (unknown.length > 0)
    server.say("affinity", () => `there is no CPU ${unknown.join(", ")}; the host has ${cpus}, numbered from 0`);
  return { server, cpus: unknown.length > 0 ? [] : given, isGiven: true };
}

/** Any two lists are the same CPUs, or have none in common. */
function checkClusters(lists: readonly Listed[]): void {
  const clusters: Listed[] = [];
  // Default lists come first: of an overlap the one that is given is told.
  for (const one of [...lists.filter(({ isGiven }) => !isGiven), ...lists.filter(({ isGiven }) => isGiven)]) {
    const meeting = clusters.filter(({ cpus }) => cpus.some((cpu) => one.cpus.includes(cpu)));
    const other = meeting.find(
      ({ cpus }) => cpus.length !== one.cpus.length || cpus.some((cpu) => !one.cpus.includes(cpu)),
    );
    if (other !== undefined)
      one.server.say(
        "affinity",
        () => `${text(one)} overlaps ${text(other)} of another; any two are the same CPUs, or have none in common`,
      );
    else if (meeting.length === 0) clusters.push(one);
  }
}

function text({ cpus, isGiven }: Listed): string {
  return isGiven ? `[${cpus.join(", ")}]` : "all CPUs";
}
