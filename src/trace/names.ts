// How servers, tasks and jobs are called in text formats.

import { printable } from "../input/problem.js";
import type { Service, TraceEvent } from "./events.js";
import type { Traced } from "./traced.js";

/** A name as it is where that is unmistakable, otherwise quoted as JSON, with nothing in it that steers a terminal. */
function quotedName(name: string): string {
  return /^[\p{L}\p{N}_.+][\p{L}\p{N}_.+-]*$/u.test(name) ? name : printable(JSON.stringify(name));
}

/** The names of a run: `vm`, `vm/rt_task1`, `vm/rt_task1#12`; of a VCPU `vm.v0`. */
export class Names {
  private readonly servers: readonly string[];
  private readonly tasks: readonly string[];
  private readonly vcpus: readonly string[];
  private readonly hasCpus: boolean;

  constructor({ servers, tasks, cpus }: Traced) {
    this.servers = servers.map(({ name }) => quotedName(name));
    this.vcpus = servers.map(({ vcpu }) => (vcpu === null ? "" : ` vcpu=${quotedName(vcpu.name)}`));
    this.tasks = tasks.map(({ name, server }) => {
      const { vcpu } = servers[server];
      return `${vcpu === null ? this.servers[server] : quotedName(vcpu.vm)}/${quotedName(name)}`;
    });
    this.hasCpus = cpus > 1;
  }

  job(task: number, job: number): string {
    return `${this.tasks[task]}#${job}`;
  }

  server(server: number): string {
    return this.servers[server];
  }

  /** ` class=background level=1 payer=hsf`: what is not as usual, which is by its own reservation, on a single level. */
  service({ class: name, level, payer }: Service, server: number): string {
    const shown = name === "reserved" || name === "idle" ? "" : ` class=${name}`;
    const paid = payer < 0 || payer === server ? "" : ` payer=${this.servers[payer]}`;
    return `${shown}${level === null ? "" : ` level=${level}`}${paid}`;
  }

  /** ` cpu=1 vcpu=v0`: the CPU, where there are several, and the VCPU on which a job runs. */
  place({ cpu, server, task }: Pick<TraceEvent, "cpu" | "server" | "task">): string {
    const onCpu = cpu === undefined || !this.hasCpus ? "" : ` cpu=${cpu}`;
    return cpu === undefined || task < 0 ? onCpu : onCpu + this.vcpus[server];
  }

  /** Whom an event concerns: a job, else a server, else `-`. */
  subject({ server, task, job }: TraceEvent): string {
    if (task >= 0) return this.job(task, job);
    return server >= 0 ? this.servers[server] : "-";
  }
}
