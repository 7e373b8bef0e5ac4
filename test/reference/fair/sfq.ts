// Start-time fair queueing: a service of at most a quantum for the server of the smallest start tag.

import { greatest, smallest } from "../integers.js";
import type { Server } from "../state.js";
import { type Change, Fair } from "./fair.js";

export class StartTimeFair extends Fair {
  private readonly start = new Map<Server, bigint>(); // S
  private readonly finish = new Map<Server, bigint>(); // F
  private virtualTime = 0n; // v
  /** Ticks used of the service that is on, of `current`; null: none is. */
  private used: number | null = null;

  constructor(
    servers: readonly Server[],
    private readonly quantum: number,
  ) {
    super(servers);
  }

  private finishOf(server: Server): bigint {
    return this.finish.get(server) ?? 0n;
  }

  private endService(): void {
    const server = this.current!;
    this.finish.set(server, this.start.get(server)! + BigInt(this.used!) * this.tickOf(server));
    this.used = null;
  }

  override account(ticks: number, _now: number): void {
    this.used! += ticks;
    if (this.used! < this.quantum) return;
    this.endService();
    this.start.set(this.current!, this.finishOf(this.current!));
  }

  protected override leave(server: Server): void {
    if (server === this.current && this.used !== null) this.endService();
  }

  protected override afterLeaving(): void {
    if (this.members.length === 0) this.virtualTime = this.servers.map((s) => this.finishOf(s)).reduce(greatest);
  }

  protected override join(server: Server): void {
    this.start.set(server, greatest(this.virtualTime, this.finishOf(server)));
  }

  protected override serve(_change: Change): Server {
    if (this.used !== null) return this.current!;
    const next = smallest(this.members, (server) => [this.start.get(server)!, server.number])!;
    this.used = 0;
    this.virtualTime = this.start.get(next)!;
    return next;
  }

  override timers(now: number): number[] {
    return this.used === null ? [] : [now + this.quantum - this.used];
  }
}
