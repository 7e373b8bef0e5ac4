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
import { makeDirectory, writeWhole } from "../../files/storage.js";
import { EXIT } from "../../input/exit.js";
import { Kernel } from "../../kernel/kernel.js";
import { compileKernel } from "../../kernel/load.js";
import type { System } from "../../model/system.js";
import { unitsOf } from "../../numbers/clock.js";
import { styleOf } from "../../report/style.js";
import type { DesignOptions } from "../design.js";
import { UsageError } from "../failure.js";
import { answerLines } from "../json-lines.js";
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
  const base = timeBase(subject, options.tick);
  const switchCost = parseSteps(options.switch, base, "--switch");
  const periods = options.periods === undefined ? {} : { periods: parsePeriods(options.periods, base, Number(finer)) };
  const numbers = cpuNumbers(subject, options);
  const cpus = numbers?.length;
  const made = designed(system, { switchCost, ...periods }, cpus);
  const confirmation = confirmed(made, cpus);
  const clock = clockOf(subject);
  const deployed = deployments(made, system, base, options.deploy, numbers);
  const result = designResult({
    name: nameOf(subject),
    unit: clock.unit,
    toUnit: unitsOf(clock),
    switchCost,
    design: made,
    cpus: numbers,
    confirmation,
    deploy: deployed,
  });
  await writeFiles(result, options);
  const { columns } = styleOf(process.stdout, process.env);
  const text = options.json ? JSON.stringify(result, null, 2) : designLines(result, columns).join("\n");
  process.stdout.write(`${text}\n`);
  return exitOf(confirmation);
}

/**
 * The numbers of the CPUs that servers are placed on: those that the sweep names, else from 0; undefined where all are on one.
 * @throws UsageError where more are asked for than the sweep names
 */
function cpuNumbers(subject: Subject, { cpus }: DesignOptions): readonly number[] | undefined {
  const named = subject.kind === "sweep" ? subject.sweep.machineCpus : undefined;
  if (named === undefined)
    return cpus === undefined || cpus === 1 ? undefined : Array.from({ length: cpus }, (_, cpu) => cpu);
  if (cpus !== undefined && cpus > named.length)
    throw new UsageError(`--cpus: ${cpus} are more than the ${named.length} that the sweep names: ${named.join(", ")}`);
  return named.slice(0, cpus);
}

/** @throws UsageError where the servers have their CPUs already */
function designed(system: System, settings: DesignSettings, cpus: number | undefined): SystemDesign | HostDesign {
  if (cpus === undefined) return designSystem(system, settings);
  if (system.several !== undefined)
    throw new UsageError(
      "--cpus places servers of one CPU: cpus, affinity, vcpus, servers in servers, parts and after are not for it",
    );
  return designHost(system, { ...settings, cpus, progress: designProgress() });
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
  given: System,
  { nanoseconds }: TimeBase,
  asked: DesignOptions["deploy"],
  numbers: readonly number[] | undefined,
): Deployment[] {
  if (asked === undefined) return [];
  if (nanoseconds === null)
    throw new UsageError("--deploy needs the length of a tick: --tick 1ms, or tick in the sweep");
  const mechanisms = asked === "all" ? MECHANISM_NAMES : [asked];
  if (choice === null) {
    if (!isDeployableAsGiven(given)) return [];
    return mechanisms.map((mechanism) => deployAsGiven({ system: given, step: nanoseconds }, mechanism));
  }
  const { system } = choice;
  const pins =
    "cpuOf" in choice ? new Map(system.servers.map(({ name }, i) => [name, numbers![choice.cpuOf[i]]])) : undefined;
  return mechanisms.map((mechanism) => deploy({ system, step: nanoseconds, pins }, mechanism));
}

/** `-o DIR`: curves.arrow and design.json; `--arrow FILE`: the curves alone; `--picture FILE`: them drawn. */
async function writeFiles(result: DesignResult, { output, arrow, picture }: DesignOptions): Promise<void> {
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
  if (picture !== undefined) await writePicture(result, picture);
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
