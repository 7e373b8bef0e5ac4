// replenish design: which period and budget each server should get, and how to set them on a real system.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Fraction } from "fraction.js";
import { design } from "../../analysis/design.js";
import { curveTable } from "../../design/arrow.js";
import { type Confirmation, confirm } from "../../design/confirm.js";
import { type Deployment, deploy, MECHANISM_NAMES } from "../../design/deploy/index.js";
import { designSystem, type SystemDesign } from "../../design/design.js";
import { parseQuestion } from "../../design/question.js";
import { type DesignResult, designResult } from "../../design/result.js";
import { designLines } from "../../design/text.js";
import { closePart, createPart, publish, storing, writePieces, writeWhole } from "../../files/storage.js";
import { openCursor } from "../../grid/cells.js";
import { EXIT } from "../../input/failure.js";
import { Kernel } from "../../kernel/kernel.js";
import { compileKernel } from "../../kernel/load.js";
import type { System } from "../../model/system.js";
import { formatCount } from "../../report/format.js";
import { styleOf } from "../../report/style.js";
import type { DesignOptions } from "../design.js";
import { UsageError } from "../failure.js";
import { answerLines } from "../json-lines.js";
import { cellAt, readSubject, type Subject, unitOf } from "../subject.js";
import { parsePeriods, parseSteps, parseTick, type TimeBase } from "../times.js";

/** @returns the exit code */
export async function designCommand(options: DesignOptions): Promise<number> {
  if (options.jsonl) return answerLines(options.sweep, (line) => JSON.stringify(design(parseQuestion(line))));
  const subject = await readSubject(options);
  const system = systemOf(subject, options.cell);
  const base = timeBase(subject, options.tick);
  const switchCost = parseSteps(options.switch, base, "--switch");
  const periods = options.periods === undefined ? {} : { periods: parsePeriods(options.periods, base) };
  const made = designSystem(system, { switchCost, ...periods });
  const confirmation = made.choice === null ? null : confirm(new Kernel(compileKernel()), made.choice.system);
  const { name: unit, toUnit } = unitOf(subject);
  const deployed = deployments(made, base, options.deploy);
  const result = designResult({
    name: subject.name,
    unit,
    toUnit,
    switchCost,
    design: made,
    confirmation,
    deploy: deployed,
  });
  await writeFiles(result, options);
  const { columns } = styleOf(process.stdout, process.env);
  const text = options.json ? JSON.stringify(result, null, 2) : designLines(result, columns).join("\n");
  process.stdout.write(`${text}\n`);
  return confirmed(confirmation);
}

/** The scenario, or the one cell of a sweep that was asked for. */
function systemOf(subject: Subject, cell: number | undefined): System {
  if (subject.kind === "scenario") {
    if (cell !== undefined) throw new UsageError("--cell chooses a cell of a sweep, and this is a scenario");
    return subject.system;
  }
  const { plan, sweep } = subject;
  if (cell === undefined && plan.cellCount > 1) {
    throw new UsageError(
      `${sweep.name} has ${formatCount(plan.cellCount)} cells, and a design is for one: choose it with --cell N, or with --set`,
    );
  }
  const number = cell ?? 0;
  if (!Number.isInteger(number) || number < 0 || number >= plan.cellCount) {
    throw new UsageError(`--cell ${cell}: a whole number from 0 to ${plan.cellCount - 1}`);
  }
  const cursor = openCursor(sweep, plan);
  cursor.seek(number);
  return cellAt(cursor).system;
}

function timeBase(subject: Subject, tickText: string | undefined): TimeBase {
  const own = subject.kind === "sweep" ? subject.sweep.tick : undefined;
  if (own !== undefined && tickText !== undefined) throw new UsageError("--tick: the sweep says how long its tick is");
  const step = subject.kind === "sweep" ? new Fraction(subject.plan.resolution.ticks) : new Fraction(1);
  return { step, tick: tickText === undefined ? own : parseTick(tickText) };
}

function deployments({ choice }: SystemDesign, { step, tick }: TimeBase, asked: DesignOptions["deploy"]): Deployment[] {
  if (asked === undefined) return [];
  if (tick === undefined) throw new UsageError("--deploy needs the length of a tick: --tick 1ms, or tick in the sweep");
  if (choice === null) return [];
  const mechanisms = asked === "all" ? MECHANISM_NAMES : [asked];
  return mechanisms.map((mechanism) => deploy({ system: choice.system, step: step.mul(tick) }, mechanism));
}

/** `-o DIR`: curves.arrow and design.json; `--arrow FILE`: the curves alone. */
async function writeFiles(result: DesignResult, { output, arrow }: DesignOptions): Promise<void> {
  if (output !== undefined) {
    await storing(output, () => mkdir(output, { recursive: true }));
    await writeBytes(join(output, "curves.arrow"), curveTable(result));
    await writeWhole(join(output, "design.json"), `${JSON.stringify(result, null, 2)}\n`);
  }
  if (arrow !== undefined) await writeBytes(arrow, curveTable(result));
}

async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await createPart(path);
  await storing(path, () => writePieces(handle, [bytes]));
  await closePart(path, handle);
  await publish([path]);
}

/** A simulation that breaks a bound is a bug of ours: its scenario is printed. */
function confirmed(confirmation: Confirmation | null): number {
  if (confirmation === null || confirmation.holds) return EXIT.done;
  process.stderr.write(
    `This is a bug of replenish: the simulation breaks a bound of the analysis. The scenario:\n${JSON.stringify(confirmation.scenario)}\n`,
  );
  return EXIT.bug;
}
