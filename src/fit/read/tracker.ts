// Switches -> when each thread of the VM had a CPU, and when any of them had one.

import type { TraceEvent } from "./reorder.js";
import { type Member, type Met, NO_TIME, type Role } from "./threads.js";
import { BEGIN_UNSEEN, END_UNSEEN, ENDED_ASLEEP, WindowList } from "./windows.js";

interface Cpu {
  /** The thread that runs; undefined: not known. */
  thread: Met | undefined;
  since: number;
  /** BEGIN_UNSEEN when it may have run before `since`. */
  flags: number;
  /** When this CPU was last heard of. */
  last: number;
}

/**
 * Follows every CPU from event to event, which must come in the order of time.
 * A line of another thread than the one last switched to means that a switch is missing. It is taken to have happened
 * when its CPU was last heard of before: `uncertain` adds up how much later it may have been. After an explicit notice
 * of lost events nothing is known until the CPU's next line; that time is listed in `unseen`.
 */
export class Tracker {
  /** When at least one thread of the VM ran. */
  readonly windows = new WindowList();
  readonly unseen: [number, number][] = [];
  switchesLost = 0;
  /** See Member, for all of them together. */
  uncertain = NO_TIME;
  /** Time in which more than one thread of the VM ran. */
  parallel = NO_TIME;
  private readonly members: Member[] = [];
  private readonly cpus: (Cpu | undefined)[] = [];
  private running = 0;
  private opened = NO_TIME;
  private openFlags = 0;
  private changed = NO_TIME;

  /** @param roles what the events' roles are numbers of; they are told when and for how long they were seen */
  constructor(private readonly roles: readonly Role[]) {}

  take(event: TraceEvent): void {
    const { time, said } = event;
    const { thread, next, own } = said;
    const cpu = this.cpuAt(event);
    if (own && this.memberOf(thread).cpu !== said.cpu) {
      this.enter(this.memberOf(thread), said.cpu, cpu.since, cpu.flags, -1);
    }
    cpu.last = time;
    if (next === undefined) return;
    thread.ran += time - cpu.since;
    if (own) this.leave(this.memberOf(thread), time, 0, said.runnable, said.role);
    cpu.thread = next;
    cpu.since = time;
    cpu.flags = 0;
    if (said.nextOwn) this.enter(this.memberOf(next), said.cpu, time, 0, said.nextRole);
  }

  /** The recording ends: whoever runs ran until then. */
  finish(time: number): void {
    for (const member of this.members) {
      if (member.cpu >= 0) this.leave(member, time, END_UNSEEN, true, member.role);
    }
  }

  /** The numbers of the CPUs that have lines, in order. */
  cpusSeen(): number[] {
    return [...this.cpus.keys()].filter((cpu) => this.cpus[cpu] !== undefined);
  }

  /** How often threads of the VM came to run on another CPU than before. */
  migrations(): number {
    return this.members.reduce((sum, member) => sum + member.migrations, 0);
  }

  /** What was met of a thread of the VM; one that never ran has no windows. */
  memberOf(thread: Met): Member {
    if (thread.member !== undefined) return thread.member;
    const times = { uncertain: NO_TIME, since: NO_TIME };
    const place = { migrations: 0, cpu: -1, lastCpu: -1, flags: 0, role: -1, waiting: false };
    thread.member = { windows: new WindowList(), ...times, ...place };
    this.members.push(thread.member);
    return thread.member;
  }

  /** The event's CPU, brought to what the line says of it: that the event's thread runs. */
  private cpuAt({ time, lost, said }: TraceEvent): Cpu {
    const { thread, own } = said;
    let cpu = this.cpus[said.cpu];
    if (cpu === undefined) {
      cpu = { thread, since: NO_TIME, flags: BEGIN_UNSEEN, last: NO_TIME };
      cpu.since = time;
      cpu.last = time;
      this.cpus[said.cpu] = cpu;
    } else if (lost) {
      this.leaveUnseen(cpu, END_UNSEEN);
      this.unseen.push([cpu.last, time]);
      start(cpu, thread, time, BEGIN_UNSEEN);
    } else if (cpu.thread !== thread) {
      this.switchesLost++;
      const late = time - cpu.last;
      const left = cpu.thread?.member;
      if (left !== undefined || own) this.uncertain += late;
      if (left !== undefined) left.uncertain += late;
      if (own) this.memberOf(thread).uncertain += late;
      this.leaveUnseen(cpu, 0);
      start(cpu, thread, cpu.last, 0);
    }
    return cpu;
  }

  private leaveUnseen(cpu: Cpu, flags: number): void {
    const member = cpu.thread?.member;
    if (member !== undefined && this.cpus[member.cpu] === cpu) this.leave(member, cpu.last, flags, true, member.role);
  }

  private enter(member: Member, cpu: number, time: number, flags: number, role: number): void {
    const before = this.cpus[member.cpu];
    if (before !== undefined) {
      // Its switch away from the other CPU is missing.
      this.leave(member, before.last, 0, true, member.role);
      before.thread = undefined;
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

  private leave(member: Member, time: number, flags: number, waiting: boolean, role: number): void {
    member.cpu = -1;
    member.waiting = waiting;
    this.see(role, time);
    if (role >= 0) this.roles[role].ran += time - member.since;
    appendFree(member.windows, member.since, time, member.flags | flags | (waiting ? 0 : ENDED_ASLEEP));
    this.count(time);
    this.running--;
    if (this.running > 0) return;
    const asleep = this.members.every((each) => !each.waiting);
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

function start(cpu: Cpu, thread: Met, since: number, flags: number): void {
  cpu.thread = thread;
  cpu.since = since;
  cpu.flags = flags;
}

/** Appends a window, less what overlaps the one before. */
function appendFree(windows: WindowList, start: number, end: number, flags: number): void {
  const free = windows.length === 0 ? start : Math.max(start, windows.ends[windows.length - 1]);
  windows.append(free, end, flags);
}
