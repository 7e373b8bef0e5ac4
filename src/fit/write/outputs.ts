// The files that can be made of a fit, by the option that asks for each.

import { InvalidInput, printableName } from "../../input/problem.js";
import type { Fit } from "../fit.js";
import type { DeadlineServer } from "../measure/deadline.js";
import { type DrawnServer, recordedScenario, recordedSupply, recordedTick } from "../measure/recorded.js";
import { checkedServer, type Guest, NO_GUEST } from "./guest.js";
import { fitPicture } from "./picture.js";
import { deadlineSweep, drawnSweep, guestSweep, vmSweep } from "./sweep.js";

/** What a file is made of. */
export interface OutputSource {
  readonly fit: Fit;
  readonly guest: Guest;
  /** The trace, as messages name it, and as a title does. */
  readonly file: string;
  readonly title: string;
}

export interface Made {
  readonly content: string;
  /** What the user can do with it; `command` are the words of the command that takes it, without the path. */
  readonly use: string;
  readonly command: string | null;
  /** What the user should know of it, one sentence each. */
  readonly warnings: readonly string[];
}

interface OutputRow {
  /** Of the option, in the help. */
  readonly about: string;
  /** Whether tasks are written into it: they may be, must be, or cannot be. */
  readonly tasks: "may" | "must" | "none";
  /** @throws InvalidInput where it cannot be made */
  readonly make: (source: OutputSource) => Made;
  /** Of several threads that are the VCPUs of one VM; null where it is made of one thread. */
  readonly several: ((fits: readonly Fit[], source: Omit<OutputSource, "fit">) => Made) | null;
}

const OUTPUTS = {
  server: {
    about:
      "file for a sweep to run: a cbs server, with its tick, of a SCHED_DEADLINE thread; of others an idling server whose period and budget are drawn as they were seen; of several threads a VM with a VCPU each",
    tasks: "may",
    make: serverFile,
    several: vmFile,
  },
  scenario: {
    about: "file for a scenario to simulate: a recorded server, which has the very windows, with --tasks in it",
    tasks: "must",
    make: recordedScenarioFile,
    several: null,
  },
  picture: {
    about: "file for a picture of the supply: .png, .pdf, else SVG",
    tasks: "none",
    make: ({ fit, title }) => ({
      content: fitPicture(title, fit),
      use: "a picture of the supply",
      command: null,
      warnings: [],
    }),
    several: null,
  },
} as const satisfies Readonly<Record<string, OutputRow>>;

/** A drawn server may give so much more than was recorded before it is said. */
const NOT_MORE = 1.02;

export type OutputName = keyof typeof OUTPUTS;

export const OUTPUT_NAMES = Object.keys(OUTPUTS) as readonly OutputName[];

/** An output by its name. */
export function outputOf(name: OutputName): OutputRow {
  return OUTPUTS[name];
}

function serverFile({ fit, guest, file }: OutputSource): Made {
  const { deadline, span } = fit;
  const drawn = drawnOf(fit, "the VM", file);
  const sweep = deadline === null ? drawnSweep(drawn, span, guest) : deadlineSweep(deadline, span, guest);
  checkedServer(sweep, guest);
  const use = guest === NO_GUEST ? "a sweep with this server; add its tasks, then" : "a sweep with this server;";
  const warnings = moreThanRecorded(fit, "the server");
  return { content: `${JSON.stringify(sweep, null, 2)}\n`, use, command: "run", warnings };
}

function vmFile(fits: readonly Fit[], { guest, file }: Omit<OutputSource, "fit">): Made {
  const called = fits.map(({ threads: [{ pid, name }] }) => `${printableName(name)} (${pid})`);
  const begin = Math.min(...fits.map(({ timeline }) => timeline.begin));
  const found = fits.map((fit, vcpu) => ({
    deadline: deadlineFrom(fit, begin),
    drawn: drawnOf(fit, called[vcpu], file),
  }));
  const sweep = vmSweep(found, Math.min(...fits.map(({ span }) => span)), guest);
  checkedServer(sweep, guest);
  const which = called.map((name, vcpu) => `v${vcpu} is ${name}`).join(", ");
  const use = `a sweep with a VM of these VCPUs, ${which}${guest === NO_GUEST ? "; add its tasks, then" : ";"}`;
  const warnings = fits.flatMap((fit, vcpu) => moreThanRecorded(fit, `v${vcpu}`));
  return { content: `${JSON.stringify(sweep, null, 2)}\n`, use, command: "run", warnings };
}

/**
 * A drawn server supplies at all times as the host did while the VM had work. What a host gives in such a time, after a sleep
 * and before the overrun of a tick is paid back, it may not give for long: only a period and a budget that show would tell.
 */
function moreThanRecorded({ deadline, drawn, periodic, share }: Fit, who: string): string[] {
  if (deadline !== null || drawn === null || periodic.period !== null || drawn.share <= NOT_MORE * share) return [];
  const [given, got] = [drawn.share, share].map((part) => part.toFixed(3));
  return [
    `${who} gives ${given} of a CPU at all times, as the VM got while it had work; over the whole part measured, in which it also slept, it got ${got}. What it would have got instead of sleeping is not recorded, and no period shows that would tell: responses may come out too short; --scenario replays the very windows`,
  ];
}

/** The phase of its ticks is counted from where the part of all threads begins. */
function deadlineFrom({ deadline, timeline }: Fit, begin: number): DeadlineServer | null {
  if (deadline === null || deadline.enforceEvery === null || deadline.enforcePhase === null) return deadline;
  return { ...deadline, enforcePhase: (deadline.enforcePhase + timeline.begin - begin) % deadline.enforceEvery };
}

function drawnOf({ drawn }: Fit, who: string, file: string): DrawnServer {
  if (drawn !== null) return drawn;
  const text = `${who} ran only once in the part measured: there is no server to make of it`;
  throw new InvalidInput([{ file, path: "", text }]);
}

function recordedScenarioFile({ fit, guest }: OutputSource): Made {
  const supply = recordedSupply(fit.timeline);
  const tick = recordedTick(supply);
  const { tasks, fields } = checkedServer(guestSweep(tick, guest), guest);
  const { scenario } = recordedScenario(supply, tasks, { guest: fields });
  const use = `the recorded windows, in ticks of ${tick};`;
  return { content: `${JSON.stringify(scenario)}\n`, use, command: "simulate", warnings: [] };
}

/** The options of the command line, one for each output. */
export function outputOptions(): Record<OutputName, { type: "string"; describe: string }> {
  const options = OUTPUT_NAMES.map((name) => [name, { type: "string", describe: OUTPUTS[name].about }]);
  return Object.fromEntries(options);
}
