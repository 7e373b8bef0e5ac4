// Hosts `fp` and `edf` of several CPUs, for VMs and for trees: who is picked, then where each of them is placed.

import { inOrder } from "../integers.js";
import { readyJobs, type Server, type Vm, type World } from "../state.js";
import { type Choice, Host } from "./host.js";
import { hostOrder, pathOf } from "./order.js";

export class Several extends Host {
  private passedOver = new Set<Server>();

  constructor(
    private readonly world: World,
    private readonly scheduler: "fp" | "edf",
  ) {
    super();
  }

  override choose(now: number): Choice[] {
    const before = new Set(this.world.runs.flatMap(({ path }) => path));
    const ran = (server: Server) => before.has(server);
    const topmost = this.world.servers.filter(({ parent, policy }) => parent === null && policy.isEligible(now));
    const picked = this.pick(inOrder(topmost, hostOrder(this.scheduler, ran, now)));
    const places = new Map<Server, number>();
    for (const cluster of new Set(picked.map(({ cluster }) => cluster))) {
      place(
        picked.filter((server) => server.cluster === cluster),
        ran,
        places,
      );
    }
    const paths = picked.map((server) => pathOf(server, ran, now));
    noticeLeft(this.world, paths, now);
    return paths.map((path) => choiceOf(places.get(path[0]!)!, path));
  }

  /** Goes through the eligible in order; a VM that knows what runs gets no more CPUs than it has ready jobs. */
  private pick(eligible: readonly Server[]): Server[] {
    this.passedOver = new Set();
    const picked: Server[] = [];
    const vmsPicked: (Vm | null)[] = [];
    for (const server of eligible) {
      const { vm, cluster } = server;
      const count = vmsPicked.filter((each) => each === vm).length;
      if (isAware(server) && count >= readyJobs(vm!).length) this.passedOver.add(server);
      else if (picked.filter((other) => other.cluster === cluster).length < cluster.length) {
        picked.push(server);
        vmsPicked.push(vm);
      }
    }
    return picked;
  }

  override isRunnable(server: Server, now: number): boolean {
    return server.policy.isEligible(now) && !this.passedOver.has(server);
  }
}

function isAware({ vm, given }: Server): boolean {
  return vm?.assignment === "global-aware" && given.policy !== "idling";
}

/** Gives the picked servers of a cluster its CPUs. */
function place(picked: readonly Server[], ran: (server: Server) => boolean, places: Map<Server, number>): void {
  const { cluster } = picked[0]!;
  const isFree = (cpu: number) => ![...places.values()].includes(cpu);
  const settle = (wanted: (server: Server) => number | null | undefined) => {
    for (const server of picked) {
      if (places.has(server)) continue;
      const cpu = wanted(server);
      if (cpu !== null && cpu !== undefined && isFree(cpu)) places.set(server, cpu);
    }
  };
  settle((server) => (ran(server) ? server.lastCpu : null));
  settle((server) => server.lastCpu);
  settle(() => cluster.find(isFree));
}

/** Those that ran and are on no path now notice that their budget is used up. */
export function noticeLeft(world: World, paths: readonly (readonly Server[])[], now: number): void {
  const onPath = new Set(paths.flat());
  for (const { payers } of world.runs) {
    for (const payer of payers) if (!onPath.has(payer)) payer.policy.notice(now);
  }
}

export function choiceOf(cpu: number, path: readonly Server[]): Choice {
  return { cpu, path, payers: path, isBackground: path[0]!.policy.level > 0, isBestEffort: false };
}
