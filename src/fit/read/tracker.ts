// Switches -> when each thread of the VM had a CPU, and when any of them had one.

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

/** A thread of the VM. */
export interface Member {
  readonly pid: number;
  readonly windows: WindowList;
  /** How often it came to run on another CPU than before. */
  migrations: number;
  /** How much later than it was taken for a missing switch may have been. */
  uncertain: number;
  /** The CPU it runs on; -1: none. */
  cpu: number;
  lastCpu: number;
  since: number;
  flags: number;
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
  /** The threads of the VM, in the order in which they were met. */
  readonly members = new Map<number, Member>();
  /** When at least one of them ran. */
  readonly windows = new WindowList();
  readonly unseen: [number, number][] = [];
  /** Time in which each thread had a CPU. */
  readonly ran = new Map<number, number>();
  switchesLost = 0;
  /** See Member, for all of them together. */
  uncertain = 0;
  /** Time in which more than one thread of the VM ran. */
  parallel = 0;
  private readonly cpus: (Cpu | undefined)[] = [];
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

  /** The numbers of the CPUs that have lines, in order. */
  cpusSeen(): number[] {
    return [...this.cpus.keys()].filter((cpu) => this.cpus[cpu] !== undefined);
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
      const late = event.time - cpu.last;
      const left = this.members.get(cpu.pid);
      if (left !== undefined || event.own) this.uncertain += late;
      if (left !== undefined) left.uncertain += late;
      if (event.own) this.member(event.pid).uncertain += late;
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

  /** What was met of a thread of the VM; one that never ran has no windows. */
  memberOf(pid: number): Pick<Member, "windows" | "migrations" | "uncertain"> {
    return this.member(pid);
  }

  private member(pid: number): Member {
    let member = this.members.get(pid);
    if (member === undefined) {
      const record = { migrations: 0, uncertain: 0, cpu: -1, lastCpu: -1, since: 0, flags: 0, role: -1 };
      member = { pid, windows: new WindowList(), ...record, waiting: false };
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
    if (member.lastCpu >= 0 && member.lastCpu !== cpu) member.migrations++;
    member.cpu = cpu;
    member.lastCpu = cpu;
    member.since = time;
    member.flags = flags;
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
    appendFree(member.windows, member.since, time, member.flags | flags | (waiting ? 0 : ENDED_ASLEEP));
    this.count(time);
    this.running--;
    if (this.running > 0) return;
    const asleep = [...this.members.values()].every((each) => !each.waiting);
    appendFree(this.windows, this.opened, time, this.openFlags | flags | (asleep ? ENDED_ASLEEP : 0));
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

/** Appends a window, less what overlaps the one before. */
function appendFree(windows: WindowList, start: number, end: number, flags: number): void {
  const free = windows.length === 0 ? start : Math.max(start, windows.ends[windows.length - 1]);
  windows.append(free, end, flags);
}
