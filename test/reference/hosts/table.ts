// A table of windows that repeats every frame, as in ARINC 653, with windows for each CPU.

import type { Server, World } from "../state.js";
import type { AnyHost, AnyWindow } from "../types.js";
import { type Choice, Host } from "./host.js";
import { pathOf } from "./order.js";
import { choiceOf, noticeLeft } from "./several.js";

export class Table extends Host {
  constructor(
    private readonly world: World,
    private readonly given: AnyHost,
  ) {
    super();
  }

  override choose(now: number): Choice[] {
    const phase = now % this.given.frame!;
    const before = new Set(this.world.runs.flatMap(({ path }) => path));
    const windows = this.given.windows!.filter(({ start, duration }) => start <= phase && phase < start + duration);
    const choices = windows.map((window) => {
      const path = pathOf(this.vcpuOf(window), (server) => before.has(server), now);
      return choiceOf(window.cpu ?? 0, path);
    });
    noticeLeft(
      this.world,
      choices.map(({ path }) => path),
      now,
    );
    return choices;
  }

  private vcpuOf({ server, vcpu }: AnyWindow): Server {
    return this.world.servers.find(({ vm, name, parent }) => {
      if (vm?.hasVcpus) return vm.name === server && name === vcpu;
      return parent === null && name === server;
    })!;
  }

  override isRunnable(server: Server, now: number): boolean {
    return server.policy.isEligible(now);
  }

  override timers(now: number): number[] {
    const { frame, windows } = this.given;
    const edges = windows!.flatMap(({ start, duration }) => [start, start + duration]);
    const base = now - (now % frame!);
    return edges.flatMap((edge) => [base + edge, base + frame! + edge]).filter((edge) => edge > now);
  }
}
