// replenish design: which period and budget each server should get, and how to set them on a real system.

import { join } from "node:path";
import { Fraction } from "fraction.js";
import { design } from "../../analysis/design.js";
import { type Confirmation, confirm } from "../../design/confirm.js";
import {
  type Deployment,
  deploy,
  deployAsGiven,
  isDeployableAsGiven,
  MECHANISM_NAMES,
} from "../../design/deploy/index.js";
import { type DesignSettings, designSystem, type SystemDesign } from "../../design/design.js";
import { parseQuestion } from "../../design/question.js";
import { type DesignResult, designResult } from "../../design/result.js";
import { designHost, type HostDesign } from "../../design/several.js";
import { designLines } from "../../design/text.js";
import { affinities, asServers, whyNotPlaced } from "../../design/vcpus.js";
import { makeDirectory, writeWhole } from "../../files/storage.js";
import { EXIT } from "../../input/exit.js";
import { Kernel } from "../../kernel/kernel.js";
import { compileKernel } from "../../kernel/load.js";
import type { Several, System } from "../../model/system.js";
import { unitsOf } from "../../numbers/clock.js";
import { styleOf } from "../../report/style.js";
import type { DesignOptions } from "../design.js";
import { UsageError } from "../failure.js";
import { answerLines } from "../json-lines.js";
import { noteOneSet } from "../notes.js";
import { rasterEndOf, refuseOverwriting } from "../outputs.js";
import { designProgress } from "../planning.js";
import { chosenCell, clockOf, nameOf, readSubject, refined, type Subject, systemOf } from "../subject.js";
import { parsePeriods, parseSteps, parseTick, refinement, type TimeBase } from "../times.js";

/** @returns the exit code */
export async function designCommand(options: DesignOptions): Promise<number> {
  if (options.jsonl) return answerLines(options.sweep, (line) => JSON.stringify(design(parseQuestion(line))));
  const { output, arrow, picture } = options;
  const inDirectory = (name: string) => (output === undefined ? undefined : join(output, name));
  const [curves, answer] = [inDirectory("curves.arrow"), inDirectory("design.json")];
  const written = {
    "--arrow": arrow,
    "--picture": picture,
    "curves.arrow of --output": curves,
    "design.json of --output": answer,
  };
  refuseOverwriting([options.sweep], written);
  const read = await readSubject(options.sweep, options.set, "analysis");
  const finer = finerBy(read, options);
  const subject = refined(read, finer);
  const system = systemOf(subject, chosenCell(subject, options.cell));
  noteOneSet(subject, 0);
  const base = timeBase(subject, options.tick);
  const switchCost = parseSteps(options.switch, base, "--switch");
  const periods = options.periods === undefined ? {} : { periods: parsePeriods(options.periods, base, Number(finer)) };
  const host = hostOf(system, subject, options);
  const made = designed(host, { switchCost, ...periods });
  const confirmation = confirmed(made, host.numbers?.length);
  const clock = clockOf(subject);
  const deployed = deployments(made, host, base, options.deploy);
  const result = designResult({
    name: nameOf(subject),
    unit: clock.unit,
    toUnit: unitsOf(clock),
    switchCost,
    design: made,
    cpus: host.numbers,
    affinity: host.cpusOf?.some((own) => own.length < host.numbers!.length) ?? false,
    confirmation,
    deploy: deployed,
  });
  await writeFiles(result, options);
  const { columns } = styleOf(process.stdout, process.env);
  const text = options.json ? JSON.stringify(result, null, 2) : designLines(result, columns).join("\n");
  process.stdout.write(`${text}\n`);
  if (picture !== undefined) await writePicture(result, picture); // last: where there is nothing to draw, the answer says why
  return exitOf(confirmation);
}

/** What is designed: a system that says nothing of several CPUs, and the CPUs that its servers are placed on. */
interface Host {
  readonly system: System;
  /** Their numbers on the machine; undefined where all servers are on one CPU that has none. */
  readonly numbers?: readonly number[] | undefined;
  /** The places in `numbers` of the CPUs that each server may have; all without. */
  readonly cpusOf?: readonly (readonly number[])[] | undefined;
}

/** @throws UsageError where nothing can be placed, or not on so many CPUs */
function hostOf(system: System, subject: Subject, { cpus: asked }: DesignOptions): Host {
  const named = subject.kind === "sweep" ? subject.sweep.machineCpus : undefined;
  const { several } = system;
  const count = asked ?? named?.length ?? several?.cpus ?? 1;
  if (named !== undefined && count > named.length)
    throw new UsageError(
      `--cpus: ${count} are more than the ${named.length} that the sweep names: ${named.join(", ")}`,
    );
  const numbers = named?.slice(0, count) ?? Array.from({ length: count }, (_, cpu) => cpu);
  if (several === undefined) return named === undefined && count === 1 ? { system } : { system, numbers };
  const reasons = whyNotPlaced(system, several);
  if (reasons.length > 0) {
    if (asked === undefined && named === undefined) return { system };
    throw new UsageError(["design cannot place these servers on CPUs:", ...reasons].join("\n  "));
  }
  checkCount(system, several, count);
  // What `assign` of the host says of CPUs is its choice for the budgets in the file: design makes its own.
  const isAssigned = subject.kind === "sweep" && subject.sweep.hostAssign !== undefined;
  const cpusOf = isAssigned ? undefined : affinities(several, count);
  return { system: asServers(system, several), numbers, cpusOf };
}

/**
 * @param count how many CPUs there are
 * @throws UsageError where the host has fewer, or a server may have none of them
 */
function checkCount({ servers }: System, several: Several, count: number): void {
  const { cpus, servers: own } = several;
  if (cpus !== null && count > cpus)
    throw new UsageError(`--cpus: ${count} are more than the ${cpus} of the host, which says cpus: ${cpus}`);
  const left = affinities(several, count)?.flatMap((left, i) =>
    left.length > 0 ? [] : [`${servers[i].name} may only have CPU ${own[i].cpus.join(", ")}`],
  );
  if (left !== undefined && left.length > 0)
    throw new UsageError(`--cpus: ${count} from CPU 0 on are not enough: ${left.join("; ")}`);
}

function designed({ system, numbers, cpusOf }: Host, settings: DesignSettings): SystemDesign | HostDesign {
  if (numbers === undefined) return designSystem(system, settings);
  return designHost(system, { ...settings, cpus: numbers.length, cpusOf, progress: designProgress() });
}

function confirmed(made: SystemDesign | HostDesign, cpus: number | undefined): Confirmation | null {
  const { choice } = made;
  if (choice === null) return null;
  const kernel = new Kernel(compileKernel());
  if (cpus === undefined || !("cpuOf" in choice)) return confirm(kernel, choice.system);
  return confirm(kernel, choice.system, { count: cpus, cpuOf: choice.cpuOf });
}

/** How many times finer than the subject's the time base has to be for the options' times. */
function finerBy(subject: Subject, { tick, periods, switch: switchCost }: DesignOptions): bigint {
  if (subject.kind === "scenario") return 1n;
  const base = timeBase(subject, tick);
  return refinement({ "--switch": [switchCost], "--periods": periods?.split(":") ?? [] }, base);
}

function timeBase(subject: Subject, tickText: string | undefined): TimeBase {
  const step = subject.kind === "sweep" ? new Fraction(subject.plan.resolution.ticks) : new Fraction(1);
  const { nanoseconds } = clockOf(subject);
  if (tickText === undefined) return { step, nanoseconds };
  if (nanoseconds !== null) throw new UsageError("--tick: the sweep says how long its tick is");
  return { step, nanoseconds: step.mul(parseTick(tickText)) };
}

function deployments(
  { choice }: SystemDesign | HostDesign,
  host: Host,
  { nanoseconds }: TimeBase,
  asked: DesignOptions["deploy"],
): Deployment[] {
  if (asked === undefined) return [];
  if (nanoseconds === null)
    throw new UsageError("--deploy needs the length of a tick: --tick 1ms, or tick in the sweep");
  const mechanisms = asked === "all" ? MECHANISM_NAMES : [asked];
  const { system: given, numbers } = host;
  if (choice === null) {
    if (!isDeployableAsGiven(given)) return [];
    const chosen = { system: given, step: nanoseconds, pins: pinsAsGiven(host) };
    const cpus = numbers?.length ?? given.several?.cpus ?? 1;
    return mechanisms.map((mechanism) => deployAsGiven(chosen, mechanism, cpus));
  }
  const { system } = choice;
  const pins =
    "cpuOf" in choice ? new Map(system.servers.map(({ name }, i) => [name, numbers![choice.cpuOf[i]]])) : undefined;
  return mechanisms.map((mechanism) => deploy({ system, step: nanoseconds, pins }, mechanism));
}

/** The CPU of each server on the machine where nothing was chosen; undefined where some may have several. */
function pinsAsGiven({ system: { servers }, numbers, cpusOf }: Host): ReadonlyMap<string, number> | undefined {
  if (numbers === undefined) return undefined;
  const places = servers.map((_, i) => cpusOf?.[i] ?? numbers.map((_number, place) => place));
  if (places.some(({ length }) => length !== 1)) return undefined;
  return new Map(servers.map(({ name }, i) => [name, numbers[places[i][0]]]));
}

/** `-o DIR`: curves.arrow and design.json; `--arrow FILE`: the curves alone. */
async function writeFiles(result: DesignResult, { output, arrow }: DesignOptions): Promise<void> {
  if (output !== undefined || arrow !== undefined) {
    const { curveTable } = await import("../../design/arrow.js");
    const curves = [curveTable(result)];
    if (output !== undefined) {
      await makeDirectory(output);
      await writeWhole(join(output, "curves.arrow"), curves);
      await writeWhole(join(output, "design.json"), `${JSON.stringify(result, null, 2)}\n`);
    }
    if (arrow !== undefined) await writeWhole(arrow, curves);
  }
}

async function writePicture(result: DesignResult, path: string): Promise<void> {
  const figure = (await import("../../design/picture.js")).designFigure(result);
  const end = rasterEndOf(path);
  const content =
    end === undefined
      ? await (await import("../../figures/svg.js")).svgOf(figure)
      : [await (await import("../../figures/raster.js")).fileOfFigure(figure, end)];
  await writeWhole(path, content);
  process.stderr.write(`${figure.title}. ${figure.caption}\n`);
}

/** A simulation that breaks a bound is a bug of ours: its scenario is printed. */
function exitOf(confirmation: Confirmation | null): number {
  if (confirmation === null || confirmation.holds) return EXIT.done;
  process.stderr.write(
    `This is a bug of replenish: the simulation breaks a bound of the analysis. The scenario:\n${JSON.stringify(confirmation.scenario)}\n`,
  );
  return EXIT.bug;
}
