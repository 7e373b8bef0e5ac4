// Which threads of a trace are the VM, and what every thread was called.

import type { NamePiece } from "./bytes.js";
import type { LineReader } from "./line.js";

/** Linux cuts thread names to so many bytes. */
const NAME_LENGTH = 15;

/** A name as Linux keeps it; what is cut within a character ends in the sign for one that cannot be read. */
function asCut(name: string): string {
  return Buffer.from(name).subarray(0, NAME_LENGTH).toString();
}

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

/** The threads of a trace; those with a chosen pid, or that ever bore a chosen name, are the VM. */
export class Threads {
  readonly chosen = new Set<number>();
  readonly roles: Role[] = [];
  /** Every name that any thread was seen with. */
  readonly names = new Set<string>();
  private readonly wanted = new Set<string>();
  private readonly borne = new Map<string, Set<number>>();
  /** For each thread the hashes of the names it has borne, and the last of these names. */
  private readonly hashes = new Map<number, number[]>();
  private readonly lastName = new Map<number, string>();
  private readonly roleNumbers = new Map<string, number>();
  /** The role of each thread as it was seen last: most lines of a thread name it as the one before did. */
  private readonly lastRoles = new Map<number, { hash: number; priority: number; number: number }>();

  /** @param wanted pids (numbers, or digits) and names */
  constructor(wanted: readonly (string | number)[]) {
    for (const each of wanted) {
      const text = String(each);
      if (/^\d+$/.test(text)) this.chosen.add(Number(text));
      else this.wanted.add(asCut(text));
    }
  }

  /** Notes that a line calls the thread so. */
  see(pid: number, reader: LineReader, piece: NamePiece): void {
    if (piece.from === piece.to) {
      if (!this.lastName.has(pid)) this.lastName.set(pid, "");
      return;
    }
    const hash = reader.hash(piece);
    let hashes = this.hashes.get(pid);
    if (hashes === undefined) {
      hashes = [];
      this.hashes.set(pid, hashes);
    }
    if (hashes.includes(hash)) return;
    hashes.push(hash);
    const name = reader.name(piece);
    this.lastName.set(pid, name);
    this.names.add(name);
    if (!this.wanted.has(name)) return;
    this.chosen.add(pid);
    const bearers = this.borne.get(name);
    if (bearers === undefined) this.borne.set(name, new Set([pid]));
    else bearers.add(pid);
  }

  /** Whether any thread bore the name. */
  isBorne(name: string): boolean {
    return this.borne.has(asCut(name));
  }

  /** The chosen names, with the pids of the threads that bore each, in order. */
  bearers(): [name: string, pids: number[]][] {
    return [...this.borne].map(([name, pids]) => [name, [...pids].sort((a, b) => a - b)]);
  }

  /** Every thread seen: pid and the name it bore last. */
  all(): ReadonlyMap<number, string> {
    return this.lastName;
  }

  /** The number of a thread's name and priority in `roles`. */
  role(pid: number, reader: LineReader, piece: NamePiece, priority: number): number {
    const hash = reader.hash(piece);
    const last = this.lastRoles.get(pid);
    if (last !== undefined && last.hash === hash && last.priority === priority) return last.number;
    const number = this.roleOf(pid, reader.name(piece), priority);
    this.lastRoles.set(pid, { hash, priority, number });
    return number;
  }

  private roleOf(pid: number, name: string, priority: number): number {
    const key = `${pid} ${priority} ${name}`;
    let number = this.roleNumbers.get(key);
    if (number === undefined) {
      number = this.roles.length;
      this.roleNumbers.set(key, number);
      this.roles.push({
        pid,
        name,
        priority,
        first: Number.POSITIVE_INFINITY,
        last: Number.NEGATIVE_INFINITY,
        ran: 0,
      });
    }
    return number;
  }
}
