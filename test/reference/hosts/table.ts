// A table of windows that repeats every frame, as in ARINC 653.

import { isPending, type Run, type Server, type World } from "../state.js";
import type { AnyHost } from "../types.js";
import { type Choice, Host } from "./host.js";

export class Table extends Host {
  constructor(
    private readonly world: World,
    private readonly given: AnyHost,
  ) {
    super();
  }

  override pick(now: number): Choice | null {
    const phase = now % this.given.frame!;
    const window = this.given.windows!.find(({ start, duration }) => start <= phase && phase < start + duration);
    const server = this.world.servers.find(({ name }) => name === window?.server);
    return server === undefined ? null : { server, payer: null, isBackground: false, isBestEffort: false };
  }

  override isRunnable(server: Server, _now: number): boolean {
    return isPending(server);
  }

  override timers(_run: Run | null, now: number): number[] {
    const { frame, windows } = this.given;
    const edges = windows!.flatMap(({ start, duration }) => [start, start + duration]);
    const base = now - (now % frame!);
    return edges.flatMap((edge) => [base + edge, base + frame! + edge]).filter((edge) => edge > now);
  }
}
