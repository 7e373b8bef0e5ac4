// A Slurm array over the shards of a sweep, and a job that joins them: one shell script to read, and to run where sbatch
// is.

import { shellWord, shellWords } from "../input/shell.js";
import { type ArrayJob, guarded, NotForScript, requireOneLine } from "./array-job.js";

/** What Slurm wants to know of a job besides. Undefined leaves it to the cluster. */
export interface SlurmOptions {
  /** As sbatch takes it: `8:00:00`. */
  readonly time?: string | undefined;
  /** Of one shard: `4G`. */
  readonly memory?: string | undefined;
  readonly partition?: string | undefined;
  readonly account?: string | undefined;
}

/** Seconds before the time limit at which a shard is asked to stop. */
const NOTICE_SECONDS = 120;

/**
 * The script. Each task of the array computes one shard. Two minutes before the time limit, or when Slurm preempts the
 * task, it gets SIGTERM, keeps what is done, ends with 75, and is requeued to go on. When every task has ended, the last
 * job joins the shards, or says which of them are missing.
 */
export function slurmScript(job: ArrayJob, options: SlurmOptions): string {
  for (const word of [job.name, job.sweep, job.output, ...job.overrides, ...job.program, ...Object.values(options)])
    if (word !== undefined) requireOneLine("submit --slurm:", String(word));
  if (job.output.includes("%"))
    throw new NotForScript(`submit --slurm: ${job.output}: sbatch fills in what follows a percent sign in a path`);
  const merge = shellWords([...job.program, "merge", job.output]);
  return `#!/bin/sh
# ${job.name}: ${job.shards} shards as a Slurm array, then one job that joins them.
# To start it: sh THIS_FILE, where sbatch is.
set -eu
mkdir -p ${shellWord(job.output)}

shards=$(sbatch --parsable <<'SHARD'
#!/bin/bash
${directives(job, options)}

# This shell gets the signal (B:), and hands it on.
${guarded(shardCommand(job))}
if [ "$status" -eq 75 ]; then
  # Stopped early: goes on later.
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}"
fi
exit "$status"
SHARD
)
echo "Shards: job $shards"

merge=$(sbatch --parsable --dependency="afterany:\${shards%%;*}" <<'MERGE'
#!/bin/bash
${directive("job-name", `${job.name}-merge`)}
${directive("output", `${job.output}/slurm-merge-%j.log`)}
${commonDirectives(options)}${merge}
MERGE
)
echo "Merge: job $merge, after the shards"
`;
}

function directives(job: ArrayJob, options: SlurmOptions): string {
  const numbers = job.only.length === 0 ? `1-${job.shards}` : job.only.join(",");
  const lines = [
    directive("job-name", job.name),
    directive("array", job.atOnce === undefined ? numbers : `${numbers}%${job.atOnce}`),
    directive("cpus-per-task", String(job.cpus)),
    ...(options.memory === undefined ? [] : [directive("mem", options.memory)]),
    ...(options.time === undefined ? [] : [directive("time", options.time)]),
    directive("signal", `B:TERM@${NOTICE_SECONDS}`),
    "#SBATCH --requeue",
    directive("open-mode", "append"),
    directive("output", `${job.output}/slurm-%A_%a.log`),
  ];
  return `${lines.join("\n")}\n${commonDirectives(options)}`.trimEnd();
}

function commonDirectives({ partition, account }: SlurmOptions): string {
  const lines = [
    ...(partition === undefined ? [] : [directive("partition", partition)]),
    ...(account === undefined ? [] : [directive("account", account)]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** sbatch splits its lines at spaces, knows double quotes, and fills in what follows a percent sign. */
function directive(name: string, value: string): string {
  if (value.includes('"'))
    throw new NotForScript(`submit --slurm: --${name}=${value}: sbatch has no way to write a double quote`);
  return `#SBATCH --${name}=${/^[\w@%+=:,./-]+$/.test(value) ? value : `"${value}"`}`;
}

function shardCommand(job: ArrayJob): string {
  const { program, sweep, overrides, output, cpus } = job;
  const words = [...program, "run", sweep, ...overrides.flatMap((override) => ["--set", override])];
  // Slurm runs a task once at a time, so a lock that a lost node has left belongs to nobody.
  const rest = ["--output", output, "--workers", String(cpus), "--quiet", "--take-over"];
  return `${shellWords([...words, ...rest])} --shard "$SLURM_ARRAY_TASK_ID/${job.shards}"`;
}
