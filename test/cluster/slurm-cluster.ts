// A Slurm of two virtual nodes on this machine, with its own keys, ports, files and processes.

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const DAEMONS = ["slurmctld", "slurmd", "munged"] as const;
const CLIENTS = ["sbatch", "squeue", "sinfo", "scontrol", "scancel"];
const NODES = ["n1", "n2"];

/** Why no cluster can be started here; undefined when one can. */
export function whyNoSlurm(): string | undefined {
  if (process.getuid?.() !== 0) return "it takes root";
  const missing = [...DAEMONS, ...CLIENTS].filter((name) => pathOf(name) === undefined);
  if (missing.length === 0) return undefined;
  return `${missing.join(", ")} not found (Debian: apt-get install slurmctld slurmd slurm-client munge)`;
}

function pathOf(program: string): string | undefined {
  return ["/usr/sbin", "/usr/bin", "/sbin"].map((folder) => join(folder, program)).find((path) => existsSync(path));
}

export class SlurmCluster {
  readonly environment: NodeJS.ProcessEnv;

  private constructor(private readonly directory: string) {
    this.environment = { ...process.env, SLURM_CONF: join(directory, "slurm.conf") };
  }

  /** Starts munge, the controller and both nodes, and waits until the nodes are idle. */
  static async start(): Promise<SlurmCluster> {
    const directory = await mkdtemp(join(tmpdir(), "replenish-slurm-"));
    const cluster = new SlurmCluster(directory);
    await writeFile(join(directory, "munge.key"), randomBytes(128), { mode: 0o600 });
    await writeFile(join(directory, "slurm.conf"), await configuration(directory));
    await mkdir(join(directory, "state"));
    const file = (name: string) => join(directory, name);
    cluster.daemon("munged", [
      ...["--force", `--key-file=${file("munge.key")}`, `--socket=${file("munge.socket")}`],
      ...[`--pid-file=${file("munged.pid")}`, `--log-file=${file("munged.log")}`, `--seed-file=${file("munge.seed")}`],
    ]);
    cluster.daemon("slurmctld", []);
    for (const node of NODES) cluster.daemon("slurmd", ["-N", node]);
    await cluster.until("the nodes are idle", () => cluster.run("sinfo", "-h", "-o", "%T %D") === "idle 2\n");
    return cluster;
  }

  /** Ends the controller in good order, so that it saves its state, and starts it again. */
  async restartController(): Promise<void> {
    await end(await this.pid("slurmctld.pid"));
    this.daemon("slurmctld", []);
  }

  /** Kills the daemon of a node, as a crash would, and starts it again; the tasks on the node live on. */
  async crashNode(node: string): Promise<void> {
    await end(await this.pid(`slurmd-${node}.pid`), "SIGKILL");
    this.daemon("slurmd", ["-N", node]);
  }

  /** The output of a Slurm command; "" when it fails. */
  run(command: string, ...words: string[]): string {
    return spawnSync(command, words, { env: this.environment, encoding: "utf8" }).stdout;
  }

  /** Waits for something, and lets requeued jobs begin at once that Slurm would hold back for two minutes. */
  async until(what: string, isSo: () => boolean | Promise<boolean>, seconds = 240): Promise<void> {
    for (let waited = 0; waited < seconds * 4; waited++) {
      if (await isSo()) return;
      const pending = this.run("squeue", "-h", "-r", "-t", "PENDING", "-o", "%i %r").split("\n");
      for (const line of pending.filter((job) => / (BeginTime|None)$/.test(job))) {
        this.run("scontrol", "update", `JobId=${line.split(" ")[0]}`, "StartTime=now");
      }
      await setTimeout(250);
    }
    const state =
      this.run("squeue", "-r") + (await readFile(join(this.directory, "slurmctld.log"), "utf8")).slice(-2000);
    throw new Error(`${seconds} s passed until ${what}:\n${state}`);
  }

  /** Ends what was started, by the files that say which processes that is. */
  async stop(): Promise<void> {
    const files = ["slurmctld.pid", ...NODES.map((node) => `slurmd-${node}.pid`), "munged.pid"];
    this.run("scancel", "--full", "--user=root");
    for (const file of files) {
      const pid = await this.pid(file).catch(() => undefined);
      if (pid === undefined) continue;
      await end(pid);
    }
    await rm(this.directory, { recursive: true });
  }

  private async pid(file: string): Promise<number> {
    return Number.parseInt(await readFile(join(this.directory, file), "utf8"), 10);
  }

  private daemon(name: (typeof DAEMONS)[number], words: readonly string[]): void {
    const { status, stderr } = spawnSync(pathOf(name)!, words, {
      ...{ env: this.environment, encoding: "utf8" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  }
}

/** Sends a process a signal, and waits until it has ended; one that does not in a minute is killed. */
async function end(pid: number, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (isAlive(pid)) process.kill(pid, signal);
  for (let waited = 0; waited < 600 && isAlive(pid); waited++) await setTimeout(100);
  if (isAlive(pid)) process.kill(pid, "SIGKILL");
}

/** Whether a process is there, and is not one that has ended and whose parent has not noticed. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** Ports that nobody uses, one after the other. */
async function freePorts(count: number): Promise<number> {
  for (let first = 17_100; first < 30_000; first += 100) {
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
  throw new Error("no free ports");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

async function configuration(directory: string): Promise<string> {
  const port = await freePorts(3);
  const settings = {
    ClusterName: "replenish",
    SlurmctldHost: `${hostname()}(127.0.0.1)`,
    SlurmctldPort: port,
    AuthType: "auth/munge",
    AuthInfo: `socket=${directory}/munge.socket`,
    SlurmUser: "root",
    StateSaveLocation: `${directory}/state`,
    SlurmdSpoolDir: `${directory}/spool-%n`,
    SlurmctldPidFile: `${directory}/slurmctld.pid`,
    SlurmdPidFile: `${directory}/slurmd-%n.pid`,
    SlurmctldLogFile: `${directory}/slurmctld.log`,
    SlurmdLogFile: `${directory}/slurmd-%n.log`,
    ProctrackType: "proctrack/linuxproc",
    TaskPlugin: "task/none",
    SelectType: "select/cons_tres",
    ReturnToService: 2,
    MpiDefault: "none",
    KillWait: 10,
    SchedulerParameters: "batch_sched_delay=0,bf_interval=1,sched_interval=2",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const nodes = `NodeName=n[1-2] NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=[${port + 1}-${port + 2}] CPUs=2`;
  const partition = "PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP";
  return `${[...lines, nodes, "SlurmdParameters=config_overrides", partition].join("\n")}\n`;
}
