// Whether a trace shows all that happened: the first thing to know of it, before any number made of it.

/** What was met while reading. */
export interface Findings {
  /** Numbers of the CPUs that have lines, and how many the trace says there are; 0: it does not say. */
  readonly cpus: readonly number[];
  readonly cpusThere: number;
  readonly switches: number;
  readonly switchesLost: number;
  /** Events that the trace itself reports as lost, and in how many places. */
  readonly eventsLost: number;
  readonly places: number;
  /** Events of the beginning that later ones took the place of. */
  readonly overwritten: number;
  /** Lines left out: damaged, foreign, too late, or cut off at the end. */
  readonly linesLeftOut: number;
}

/**
 * `whole`: nothing is missing, as far as a trace can tell. `part`: something is. `unknown`: all lines are of one CPU, and
 * nothing says that there were others.
 */
export type Completeness = "whole" | "part" | "unknown";

export interface CompletenessVerdict {
  readonly verdict: Completeness;
  /** What is missing, or what shows that nothing is, in a few words. */
  readonly reason: string;
}

/** One switch in so many may be missing before the trace is taken for something else. */
const MANY = 20;

/** The verdict on a trace. */
export function completenessOf(findings: Findings): CompletenessVerdict {
  const missing = missingOf(findings);
  if (missing.length > 0) return { verdict: "part", reason: missing.join("; ") };
  const { cpus, cpusThere } = findings;
  const seen = `lines of ${cpusText(cpus)}`;
  if (cpusThere > cpus.length && cpus.length > 1)
    return { verdict: "whole", reason: `${seen}, of ${cpusThere}: the others did nothing; no switch is missing` };
  if (cpusThere > 0 || cpus.length > 1) return { verdict: "whole", reason: `${seen}, no switch is missing` };
  return { verdict: "unknown", reason: `${seen} only, and nothing says how many there were` };
}

function missingOf(findings: Findings): string[] {
  const { cpus, cpusThere, switches, switchesLost, eventsLost, places, overwritten, linesLeftOut } = findings;
  const found: string[] = [];
  if (cpus.length === 1 && cpusThere > 1) found.push(`lines of ${cpusText(cpus)} only, of ${cpusThere}`);
  if (eventsLost > 0) found.push(`${eventsLost} lost events in ${places === 1 ? "1 place" : `${places} places`}`);
  if (overwritten > 0) found.push(`${overwritten} earlier events were overwritten`);
  if (isMixed(findings)) found.push(`${switchesLost} of ${switches + switchesLost} switches are missing`);
  else if (switchesLost > 0) found.push(`${switchesLost} missing ${switchesLost === 1 ? "switch" : "switches"}`);
  if (linesLeftOut > 0) found.push(`${linesLeftOut} ${linesLeftOut === 1 ? "line" : "lines"} left out`);
  return found;
}

/** Whether so many switches are missing that the lines hardly are one machine's. */
function isMixed({ switches, switchesLost }: Findings): boolean {
  return switchesLost * MANY > switches && switchesLost > 5;
}

/** What the user should know beside the verdict, one sentence each. */
export function warningsOf(findings: Findings): string[] {
  const { cpus, cpusThere } = findings;
  const warnings: string[] = [];
  if (cpus.length === 1 && cpusThere > 1)
    warnings.push(
      `lines of CPU ${cpus[0]} only, and there are ${cpusThere} CPUs: a gap may be time on another; record all of them`,
    );
  if (isMixed(findings))
    warnings.push(
      "more than 1 in 20 switches is missing: the lines may be those of several machines, such as a host and its guest, or filtered; fit one machine's whole trace",
    );
  return warnings;
}

/** `CPU 1`, `CPUs 0, 2 and 3`, `64 CPUs`. */
function cpusText(cpus: readonly number[]): string {
  if (cpus.length === 1) return `CPU ${cpus[0]}`;
  if (cpus.length > 8) return `${cpus.length} CPUs`;
  return `CPUs ${cpus.slice(0, -1).join(", ")} and ${cpus.at(-1)}`;
}
