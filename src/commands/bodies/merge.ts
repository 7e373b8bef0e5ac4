// replenish merge: the directories of shards -> the tables of the whole sweep.

import { EXIT } from "../../input/exit.js";
import { printableName } from "../../input/problem.js";
import { countOf } from "../../numbers/counts.js";
import { formatDuration } from "../../report/format.js";
import { type MergeSummary, mergeShards } from "../../run/merge.js";
import { replayCommand, UsageError } from "../failure.js";
import type { MergeOptions } from "../merge.js";

/** @returns the exit code */
export async function mergeCommand(options: MergeOptions): Promise<number> {
  const { directories, output, force, takeOver, json } = options;
  if (directories.includes("-")) throw new UsageError("merge reads directories; - is standard input, which is none");
  const onNotice = (text: string) => void process.stderr.write(`${text}\n`);
  const summary = await mergeShards({ directories, output, force, takeOver, onNotice });
  if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  if (summary.absent.length > 0) {
    process.stderr.write(absentText(summary));
    return EXIT.stopped;
  }
  if (!json) process.stdout.write(mergedText(summary));
  return summary.failures > 0 ? EXIT.cellsFailed : EXIT.done;
}

function mergedText({ name, cells, shards, directory, finishedBefore, failures, elapsedMs }: MergeSummary): string {
  if (finishedBefore) return `${name}: ${directory} has the tables already\n`;
  const failed = failures === 0 ? "" : `, ${countOf(failures, "run")} failed, see failures.jsonl`;
  const joined = `${countOf(cells, "cell")} of ${countOf(shards, "shard")}, each exactly once`;
  return `${name}: ${joined}${failed}, ${formatDuration(elapsedMs)}\nTables in ${printableName(directory)}\n`;
}

function absentText({ absent, shards }: MergeSummary): string {
  const lines = absent.map(
    ({ index, reason, command }) => `shard ${index}/${shards} ${reason}: ${replayCommand(command)}\n`,
  );
  const list = absent.map(({ index }) => index).join(",");
  const [, ...words] = absent[0].command.slice(0, -2); // sweep, settings and directory are those of every shard
  const array = `In a Slurm array: ${replayCommand(["submit", ...words, "--slurm", "--shards", `${shards}`, "--only", list])}\n`;
  return `${lines.join("")}${countOf(absent.length, "shard")} of ${shards} missing; nothing was joined\n${array}`;
}
