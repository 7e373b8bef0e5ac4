// Xen's SEDF host up to 4.5: slices by earliest deadline, and what is over as extra time (semantics.md section 10.6).

import { preferred, smallest } from "../integers.js";
import { Sedf } from "../policies/sedf.js";
import { isPending, type Server, stoppedBeingPending, type World } from "../state.js";
import { SingleHost, type Sole } from "./host.js";

type ListNumber = 0 | 1;

/** An extra service: of whom, of which list, since when. */
interface Extra {
  readonly server: Server;
  readonly list: ListNumber;
  readonly begun: number;
}

export class SedfHost extends SingleHost {
  private readonly lists: [Server[], Server[]] = [[], []];
  private extra: Extra | null = null;
  private wokenNow: readonly Server[] = [];

  constructor(
    private readonly world: World,
    private readonly quantum: number,
  ) {
    super();
  }

  override wake(woken: readonly Server[], _now: number): void {
    this.wokenNow = woken;
    for (const server of woken) {
      const { policy } = server;
      if (!(policy instanceof Sedf)) continue;
      if (policy.wants) this.insert(server, 0);
      if (policy.hasExtraTime) this.insert(server, 1);
    }
  }

  /** Into the list, before the first with a greater score. */
  private insert(server: Server, number: ListNumber): void {
    const list = this.lists[number];
    const score = sedf(server).scores[number];
    const at = list.findIndex((other) => sedf(other).scores[number] > score);
    list.splice(at < 0 ? list.length : at, 0, server);
  }

  private remove(server: Server, number: ListNumber): void {
    this.lists[number] = this.lists[number].filter((other) => other !== server);
  }

  override pick(now: number): Sole | null {
    const { servers } = this.world;
    const ready = servers.filter(({ policy }) => policy instanceof Sedf && policy.isEligible(now));
    for (const server of ready) sedf(server).skipPast(now);
    for (const server of servers.filter(stoppedBeingPending)) {
      this.remove(server, 0);
      this.remove(server, 1);
    }
    const dedicated = servers.filter((server) => !(server.policy instanceof Sedf) && isPending(server));
    if (this.extra !== null && this.isOver(this.extra, ready.length + dedicated.length > 0, now)) {
      this.endExtra(this.extra);
      this.extra = null;
    }
    const slice = this.pickSlice(dedicated, ready, now);
    if (slice !== null) return { server: slice, payers: [slice], isBackground: false, isBestEffort: false };
    this.extra ??= this.beginExtra(now);
    if (this.extra === null) return null;
    return { server: this.extra.server, payers: [], isBackground: true, isBestEffort: false };
  }

  private isOver({ server, list, begun }: Extra, isNeeded: boolean, now: number): boolean {
    const end = begun + this.quantum;
    if (isNeeded || now >= end || !isPending(server)) return true;
    return this.wokenNow.some((other) => {
      const { policy } = other;
      if (!(policy instanceof Sedf)) return false;
      if (policy.begin < end) return true;
      return this.lists[0].includes(other) && (list === 1 || policy.scores[0] < sedf(server).scores[0]);
    });
  }

  private endExtra({ server, list }: Extra): void {
    const policy = sedf(server);
    this.remove(server, list);
    if (list === 0) {
      policy.wants = false;
      return;
    }
    const score = policy.scores[1];
    policy.scores[1] = policy.nextScore();
    if (!isPending(server)) return;
    for (const other of this.lists[1]) sedf(other).scores[1] -= score;
    this.insert(server, 1);
  }

  private pickSlice(dedicated: readonly Server[], ready: readonly Server[], now: number): Server | null {
    const first = smallest(dedicated, (server) => [server.priority, server.number]);
    const ran = this.world.runs[0]?.path[0];
    return (
      first ?? smallest(ready, (server) => [server.policy.deadline(now), preferred(server === ran), server.number])
    );
  }

  /** A service of the first in a list, if there is time for it before the next slice begins. */
  private beginExtra(now: number): Extra | null {
    const coming = this.world.servers.flatMap((server) => {
      const { policy } = server;
      return policy instanceof Sedf && isPending(server) && policy.budget > 0 ? [policy.begin] : [];
    });
    if (Math.min(...coming) - now < this.quantum) return null; // infinity where nothing comes
    const list = this.lists[0].length > 0 ? 0 : 1;
    const server = this.lists[list][0];
    return server === undefined ? null : { server, list, begun: now };
  }

  override isRunnable(server: Server, now: number): boolean {
    if (!(server.policy instanceof Sedf)) return isPending(server);
    return server.policy.isEligible(now) || this.lists.some((list) => list.includes(server));
  }

  override timers(now: number): number[] {
    const ends = this.extra === null ? [] : [this.extra.begun + this.quantum];
    return ends.filter((end) => end > now);
  }
}

function sedf(server: Server): Sedf {
  return server.policy as Sedf;
}
