// Which threads of a trace are the VM, and what every thread was called.

import type { NamePiece } from "./bytes.js";
import type { LineReader } from "./line.js";
import type { WindowList } from "./windows.js";

/** Linux cuts thread names to so many bytes. */
const NAME_LENGTH = 15;

/** A name as Linux keeps it; what is cut within a character ends in the sign for one that cannot be read. */
function asCut(name: string): string {
  return Buffer.from(name).subarray(0, NAME_LENGTH).toString();
}

/**
 * What a field for a time begins with: to the engine a double, which a 0 is not. A field that turns into a double later
 * makes it compile anew all that touches it.
 */
export const NO_TIME = -0;

/** Under which name and priority a thread of the VM was seen, and for how long it ran so; times as in TraceEvent. */
export interface Role {
  readonly pid: number;
  readonly name: string;
  /** The kernel's: -1 is SCHED_DEADLINE, 0 to 98 are real-time, 100 to 139 fair. */
  readonly priority: number;
  first: number;
  last: number;
  ran: number;
}

/** What a thread of the VM got. */
export interface Member {
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

/** A thread that a trace speaks of. */
export interface Met {
  readonly pid: number;
  /** Whether it is of the VM, as far as is known by now. */
  chosen: boolean;
  /** The name it bore last; empty: none was seen. */
  name: string;
  /** What tells the names apart that it has borne. */
  readonly hashes: number[];
  /** Time in which it had a CPU. */
  ran: number;
  /** From its first turn on, where it is of the VM. */
  member: Member | undefined;
  /** How it was called last as a thread of the VM: most lines of a thread name it as the one before did. */
  role: { readonly hash: number; readonly priority: number; readonly number: number } | undefined;
}

/** The threads of a trace; those with a chosen pid, or that ever bore a chosen name, are the VM. */
export class Threads {
  readonly roles: Role[] = [];
  /** Every name that any thread was seen with. */
  readonly names = new Set<string>();
  private readonly met = new Map<number, Met>();
  private readonly wantedPids = new Set<number>();
  private readonly wantedNames = new Set<string>();
  private readonly borne = new Map<string, Set<number>>();
  private readonly roleNumbers = new Map<string, number>();

  /** @param wanted pids (numbers, or digits) and names */
  constructor(wanted: readonly (string | number)[]) {
    for (const each of wanted) {
      const text = String(each);
      if (/^\d+$/.test(text)) this.wantedPids.add(Number(text));
      else this.wantedNames.add(asCut(text));
    }
  }

  /** The thread with this pid; undefined: no line spoke of it. */
  get(pid: number): Met | undefined {
    return this.met.get(pid);
  }

  /** Every thread that a line spoke of. */
  all(): readonly Met[] {
    return [...this.met.values()];
  }

  /** Notes that a line calls the thread so. */
  see(pid: number, reader: LineReader, piece: NamePiece): Met {
    const thread = this.met.get(pid) ?? this.meet(pid);
    if (piece.from === piece.to) return thread;
    const hash = reader.hash(piece);
    if (!thread.hashes.includes(hash)) this.call(thread, hash, reader.name(piece));
    return thread;
  }

  private meet(pid: number): Met {
    const chosen = this.wantedPids.has(pid);
    const thread = { pid, chosen, name: "", hashes: [], ran: NO_TIME, member: undefined, role: undefined };
    this.met.set(pid, thread);
    return thread;
  }

  private call(thread: Met, hash: number, name: string): void {
    thread.hashes.push(hash);
    thread.name = name;
    this.names.add(name);
    if (!this.wantedNames.has(name)) return;
    thread.chosen = true;
    const bearers = this.borne.get(name);
    if (bearers === undefined) this.borne.set(name, new Set([thread.pid]));
    else bearers.add(thread.pid);
  }

  /** Whether any thread bore the name. */
  isBorne(name: string): boolean {
    return this.borne.has(asCut(name));
  }

  /** The chosen names, with the pids of the threads that bore each, in order. */
  bearers(): [name: string, pids: number[]][] {
    return [...this.borne].map(([name, pids]) => [name, [...pids].sort((a, b) => a - b)]);
  }

  /** The number of a thread's name and priority in `roles`. */
  role(thread: Met, reader: LineReader, piece: NamePiece, priority: number): number {
    const hash = reader.hash(piece);
    const last = thread.role;
    if (last !== undefined && last.hash === hash && last.priority === priority) return last.number;
    const number = this.roleOf(thread.pid, reader.name(piece), priority);
    thread.role = { hash, priority, number };
    return number;
  }

  private roleOf(pid: number, name: string, priority: number): number {
    const key = `${pid} ${priority} ${name}`;
    let number = this.roleNumbers.get(key);
    if (number === undefined) {
      number = this.roles.length;
      this.roleNumbers.set(key, number);
      const [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      this.roles.push({ pid, name, priority, first, last, ran: NO_TIME });
    }
    return number;
  }
}
