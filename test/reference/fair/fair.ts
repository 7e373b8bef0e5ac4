// The best-effort class (semantics.md section 10.3): who comes and goes, and what sfq, cfs and eevdf have in common.
// Virtual times are exact integers: a tick of service adds L / w to that of a server of weight w.

import { leastCommonMultiple } from "../integers.js";
import type { Server } from "../state.js";

/** What has changed for the class at this instant. */
export interface Change {
  readonly now: number;
  readonly joined: readonly Server[];
  readonly left: readonly Server[];
  /** The interval before was the class's. */
  readonly hadCpu: boolean;
}

export abstract class Fair {
  /** The members after the last phase H. */
  protected members: Server[] = [];
  /** Whom the class served last, if it has not left since. */
  protected current: Server | null = null;
  /** L. */
  protected readonly scale: bigint;

  /** All servers that may be members, by number. */
  constructor(protected readonly servers: readonly Server[]) {
    this.scale = leastCommonMultiple([1024n, ...servers.map((server) => BigInt(server.weight))]);
  }

  /** A tick of the server's service, in virtual time. */
  protected tickOf(server: Server): bigint {
    return this.scale / BigInt(server.weight);
  }

  /** A, after ticks of service of `current`, ending now. */
  abstract account(ticks: number, now: number): void;

  /** H: these are the members now; who is served, if the class has the CPU. */
  dispatch(members: readonly Server[], now: number, serves: boolean, hadCpu: boolean): Server | null {
    const left = this.servers.filter((server) => this.members.includes(server) && !members.includes(server));
    const joined = members.filter((server) => !this.members.includes(server));
    for (const server of left) {
      this.leave(server);
      if (this.current === server) this.current = null;
      this.members = this.members.filter((member) => member !== server);
    }
    if (left.length > 0) this.afterLeaving();
    for (const server of joined) {
      this.join(server);
      this.members = [...this.members, server];
    }
    if (!serves) return null;
    this.current = this.serve({ now, joined, left, hadCpu });
    return this.current;
  }

  /** The server, still a member, leaves. */
  protected abstract leave(server: Server): void;

  /** All that leave at this instant have left. */
  protected abstract afterLeaving(): void;

  /** The server, not yet a member, joins. */
  protected abstract join(server: Server): void;

  /** The class has the CPU: one of its members gets it. */
  protected abstract serve(change: Change): Server;

  /** When the choice may change while `current` is served from now on. */
  abstract timers(now: number): number[];
}
