// The total bandwidth server (`tbs`) and the constant utilization server (`cus`): each job gets as budget what it
// needs, and a deadline by which the server's utilization x / y would have served it.

import { pickJob } from "../guest.js";
import { ceilDiv, sum } from "../integers.js";
import { countReplenishments, isPending, type Job, type Server } from "../state.js";
import type { AnyVcpu } from "../types.js";
import { Policy } from "./policy.js";

export class Utilization extends Policy {
  private readonly x: bigint;
  private readonly y: bigint;
  private left = 0;
  private end = 0; // the deadline
  private job: Job | null = null; // whom the budget is for

  constructor(
    server: Server,
    private readonly kind: "tbs" | "cus",
    given: AnyVcpu,
  ) {
    super(server);
    [this.x, this.y] = [BigInt(given.utilization![0]), BigInt(given.utilization![1])];
  }

  override isEligible(_now: number): boolean {
    return this.left > 0 && isPending(this.server);
  }

  override use(ticks: number, _now: number): void {
    this.left -= ticks;
    if (this.left === 0) this.server.happened.depletions += 1;
  }

  override jobLeft(job: Job): void {
    if (job === this.job) this.left = 0;
  }

  override afterWakes(now: number): void {
    if (!isPending(this.server) || this.left > 0 || (this.kind === "cus" && this.end > now)) return;
    this.job = pickJob(this.server)!;
    this.left = this.job.remaining;
    const from = Math.max(now, this.end); // for cus this is now
    this.end = sum(from, Number(ceilDiv(BigInt(this.left) * this.y, this.x)));
    countReplenishments(this.server);
  }

  override deadline(_now: number): number {
    return this.end;
  }

  override exhaustion(now: number): number {
    return now + this.left;
  }

  override timers(_now: number): number[] {
    return [this.end];
  }
}
