// What verdicts rest on, in words. The list is closed: a table of verdicts holds numbers of these texts.

import { factsOf, POLICIES, type Policy } from "../model/policies.js";
import { type Host, hasMore, type Server } from "../model/system.js";
import { BOUNDS, boundsOf, isBeyond } from "./policies.js";

/** Tests of the host level (analysis.md section 3). */
export const HOST_THEOREMS = {
  fixedPriorities: "response-time analysis (Joseph & Pandya, Computer J. 1986; Davis & Burns, RTSS 2005)",
  demand: "processor demand criterion (Baruah, Rosier & Howell, Real-Time Systems 1990)",
  utilisation: "utilisation bound (Liu & Layland, JACM 1973)",
  table: "static table, by construction",
  clusters: "clusters of CPUs, each by itself",
} as const;

/** Supply bounds (analysis.md section 1). */
export const SUPPLY_THEOREMS = {
  periodic: "periodic resource model (Shin & Lee, RTSS 2003)",
  explicitDeadline: "explicit deadline periodic model (Easwaran, Anand & Lee, RTSS 2007)",
  remaining: "response-time analysis of what interference leaves (Joseph & Pandya, Computer J. 1986)",
  partition: "static resource partition (Mok, Feng & Chen, RTAS 2001)",
} as const;

/** Tests of a guest (analysis.md sections 2 and 8). */
export const GUEST_THEOREMS = {
  fixedPriorities: "busy-period response times (Lehoczky, RTSS 1990)",
  deadlines: "processor demand criterion (Baruah, Rosier & Howell, Real-Time Systems 1990)",
  backlog: "all that can be pending at once",
} as const;

/** Tests of a VM on CPUs of its own (analysis.md section 9). */
export const GLOBAL_THEOREMS = {
  fixedPriorities: "response times under global fixed priorities (Bertogna & Cirinei, RTSS 2007)",
  deadlines: "response times under global EDF (Bertogna & Cirinei, RTSS 2007)",
  resource: "workloads on a multiprocessor periodic resource (Shin, Easwaran & Lee, ECRTS 2008)",
} as const;

/** Of a task alone in its server (analysis.md section 7). */
export const OWN_RESERVATION =
  "a task in its own reservation (Abeni & Buttazzo, RTSS 1998; Sprunt, Sha & Lehoczky, Real-Time Systems 1989)";

/** Why a verdict is unknown. */
export const UNKNOWN = {
  guest: "no test for this guest scheduler",
  supply: "no supply bound for this policy beside these servers",
  drop: "no test for skip with a deadline beyond the period under edf",
  unassigned: "a task or a VCPU fits nowhere",
  several: "no test for these CPUs, VCPUs, servers in servers, parts or chains (docs/analysis.md section 9)",
  beyond: "no test for a field of a server, a task or the host",
  undecided: "not decided: demand and supply are too close for the exact test",
} as const;

/** Each text is made once: every analysis names some of them. */
const ON_SUPPLY: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.values(GUEST_THEOREMS).map((guest) => [
    guest,
    new Map(Object.values(SUPPLY_THEOREMS).map((supply) => [supply, `${guest} on: ${supply}`])),
  ]),
);

/** A guest's test on a supply, one of `GUEST_THEOREMS` on one of `SUPPLY_THEOREMS`. */
export function onSupply(guest: string, supply: string): string {
  return ON_SUPPLY.get(guest)!.get(supply)!;
}

const NOT_SUPPLIED: ReadonlyMap<string, string> = new Map(
  Object.values(HOST_THEOREMS).map((host) => [host, `the host does not schedule the server: ${host}`]),
);

/** The verdict on the tasks of a server that the host, by one of `HOST_THEOREMS`, does not schedule. */
export function notSupplied(host: string): string {
  return NOT_SUPPLIED.get(host)!;
}

function noTestBeside(policy: Policy): string {
  return `no test beside servers of policy ${policy}`;
}

/** Why nothing is said of a system with this server, of which nothing is proved. */
export function whyUntested(host: Host, server: Server): string {
  return boundsOf(host, server) !== undefined && (hasMore(host) || isBeyond(server))
    ? UNKNOWN.beyond
    : noTestBeside(server.policy);
}

/** The policies that have no test under some host. */
function untestedPolicies(): Policy[] {
  return POLICIES.filter((policy) => factsOf(policy).hosts.some((host) => BOUNDS[policy][host] === undefined));
}

/** Every theorem that a server's or a task's verdict can name, each once, in a fixed order. */
export function everyTheorem(): string[] {
  const hosts = Object.values(HOST_THEOREMS);
  const supplies = Object.values(SUPPLY_THEOREMS);
  const guests = Object.values(GUEST_THEOREMS);
  const tests = guests.flatMap((guest) => supplies.map((supply) => onSupply(guest, supply)));
  return [
    ...hosts,
    ...tests,
    OWN_RESERVATION,
    ...Object.values(GLOBAL_THEOREMS),
    ...hosts.map(notSupplied),
    ...Object.values(UNKNOWN),
    ...untestedPolicies().map(noTestBeside),
  ];
}
