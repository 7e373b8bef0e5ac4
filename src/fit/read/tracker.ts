// Switches -> when the VM had a CPU: its threads' turns, joined over threads and CPUs.

import type { TraceEvent } from "./reorder.js";
import type { Role } from "./threads.js";
import { BEGIN_UNSEEN, END_UNSEEN, ENDED_ASLEEP, WindowList } from "./windows.js";

interface Cpu {
  /** The thread that runs; -1: not known. */
  pid: number;
  since: number;
  /** BEGIN_UNSEEN when it may have run before `since`. */
  flags: number;
  /** When this CPU was last heard of. */
  last: number;
}

interface Member {
  /** The CPU it runs on; -1: none. */
  cpu: number;
  lastCpu: number;
  since: number;
  role: number;
  /** It does not run, but would. */
  waiting: boolean;
}

/**
 * Follows every CPU from event to event, which must come in the order of time.
 * A line of another thread than the one last switched to means that a switch is missing. It is taken to have happened
 * when its CPU was last heard of before: `uncertain` adds up how much later it may have been. After an explicit notice
 * of lost events nothing is known until the CPU's next line; that time is listed in `unseen`.
 */
export class Tracker {
  readonly windows = new WindowList();
  /** How often a thread of the VM came to run on another CPU than before. */
  migrations = 0;
  readonly unseen: [number, number][] = [];
  /** Time in which each thread had a CPU. */
  readonly ran = new Map<number, number>();
  switchesLost = 0;
  uncertain = 0;
  /** Time in which more than one thread of the VM ran. */
  parallel = 0;
  private readonly cpus: (Cpu | undefined)[] = [];
  private readonly members = new Map<number, Member>();
  private running = 0;
  private opened = 0;
  private openFlags = 0;
  private changed = 0;

  /** @param roles what the events' roles are numbers of; they are told when and for how long they were seen */
  constructor(private readonly roles: readonly Role[]) {}

  take(event: TraceEvent): void {
    const cpu = this.cpuAt(event);
    if (event.own && this.member(event.pid).cpu !== event.cpu) {
      this.enter(event.pid, event.cpu, cpu.since, cpu.flags, -1);
    }
    cpu.last = event.time;
    if (event.nextPid < 0) return;
    this.ran.set(event.pid, (this.ran.get(event.pid) ?? 0) + event.time - cpu.since);
    if (event.own) this.leave(event.pid, event.time, 0, event.runnable, event.role);
    cpu.pid = event.nextPid;
    cpu.since = event.time;
    cpu.flags = 0;
    if (event.nextOwn) this.enter(event.nextPid, event.cpu, event.time, 0, event.nextRole);
  }

  /** The recording ends: whoever runs ran until then. */
  finish(time: number): void {
    for (const [pid, member] of this.members) {
      if (member.cpu >= 0) this.leave(pid, time, END_UNSEEN, true, member.role);
    }
  }

  /** The event's CPU, brought to what the line says of it: that `event.pid` runs. */
  private cpuAt(event: TraceEvent): Cpu {
    let cpu = this.cpus[event.cpu];
    if (cpu === undefined) {
      cpu = { pid: event.pid, since: event.time, flags: BEGIN_UNSEEN, last: event.time };
      this.cpus[event.cpu] = cpu;
    } else if (event.lost) {
      this.leaveUnseen(cpu, END_UNSEEN);
      this.unseen.push([cpu.last, event.time]);
      this.start(cpu, event.pid, event.time, BEGIN_UNSEEN);
    } else if (cpu.pid !== event.pid) {
      this.switchesLost++;
      if (this.members.has(cpu.pid) || event.own) this.uncertain += event.time - cpu.last;
      this.leaveUnseen(cpu, 0);
      this.start(cpu, event.pid, cpu.last, 0);
    }
    return cpu;
  }

  private start(cpu: Cpu, pid: number, since: number, flags: number): void {
    cpu.pid = pid;
    cpu.since = since;
    cpu.flags = flags;
  }

  private leaveUnseen(cpu: Cpu, flags: number): void {
    const member = this.members.get(cpu.pid);
    if (member !== undefined && this.cpus[member.cpu] === cpu) this.leave(cpu.pid, cpu.last, flags, true, member.role);
  }

  private member(pid: number): Member {
    let member = this.members.get(pid);
    if (member === undefined) {
      member = { cpu: -1, lastCpu: -1, since: 0, role: -1, waiting: false };
      this.members.set(pid, member);
    }
    return member;
  }

  private enter(pid: number, cpu: number, time: number, flags: number, role: number): void {
    const member = this.member(pid);
    const before = this.cpus[member.cpu];
    if (before !== undefined) {
      // Its switch away from the other CPU is missing.
      this.leave(pid, before.last, 0, true, member.role);
      before.pid = -1;
    }
    if (member.lastCpu >= 0 && member.lastCpu !== cpu) this.migrations++;
    member.cpu = cpu;
    member.lastCpu = cpu;
    member.since = time;
    member.waiting = false;
    this.see(role, time);
    member.role = role;
    this.count(time);
    if (this.running === 0) {
      this.opened = time;
      this.openFlags = flags;
    }
    this.running++;
  }

  private leave(pid: number, time: number, flags: number, waiting: boolean, role: number): void {
    const member = this.member(pid);
    member.cpu = -1;
    member.waiting = waiting;
    this.see(role, time);
    if (role >= 0) this.roles[role].ran += time - member.since;
    this.count(time);
    this.running--;
    if (this.running > 0) return;
    const asleep = [...this.members.values()].every((each) => !each.waiting);
    const { windows } = this;
    const free = windows.length === 0 ? this.opened : Math.max(this.opened, windows.ends[windows.length - 1]);
    windows.append(free, time, this.openFlags | flags | (asleep ? ENDED_ASLEEP : 0));
  }

  private see(role: number, time: number): void {
    if (role < 0) return;
    const seen = this.roles[role];
    seen.first = Math.min(seen.first, time);
    seen.last = Math.max(seen.last, time);
  }

  private count(time: number): void {
    if (this.running > 1) this.parallel += time - this.changed;
    this.changed = time;
  }
}
