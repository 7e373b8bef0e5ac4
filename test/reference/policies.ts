// What each server policy does in phases A, D, F and G, and when its server is eligible: semantics.md section 5.

import { between, draw } from "./philox.js";
import { isPending, type Server, type Supply, sum } from "./state.js";

type Sporadic = Extract<Supply, { policy: "sporadic" }>;

/** Phase A: one tick, ending now, of the CPU is paid for. */
export function useBudget(server: Server, now: number): void {
  const { supply, happened } = server;
  switch (supply.policy) {
    case "dedicated":
      return;
    case "sporadic":
      useSporadicBudget(server, supply, now);
      return;
    case "idling":
    case "polling":
    case "deferrable":
    case "cbs":
    case "cbs-soft":
    case "recorded":
      supply.left -= 1;
      if (supply.left > 0) return;
      happened.depletions += 1;
      if (supply.policy === "cbs") supply.throttled = true;
      if (supply.policy === "cbs-soft") {
        supply.left = supply.budget;
        supply.deadline = sum(supply.deadline, supply.period);
        happened.replenishments += 1;
      }
  }
}

function useSporadicBudget(server: Server, supply: Sporadic, now: number): void {
  const { refills } = supply;
  const head = refills[0]!;
  const last = refills.at(-1)!;
  const back = sum(head.time, supply.period);
  if (last.time === back) {
    last.amount += 1;
  } else if (refills.length + 1 > supply.maxReplenishments) {
    last.amount += 1;
    last.time = back;
  } else {
    refills.push({ time: back, amount: 1, counted: false });
  }
  head.amount -= 1;
  if (head.amount > 0) return;
  refills.shift();
  if (refills[0]!.time > now) server.happened.depletions += 1;
}

/** Phase D: what is due now is refilled. */
export function replenishServer(server: Server, now: number): void {
  const { supply, happened } = server;
  switch (supply.policy) {
    case "dedicated":
    case "cbs-soft": // refilled in phase A, by its depletion
      return;
    case "idling":
    case "polling":
    case "deferrable": {
      if (supply.nextReplenishment !== now) return;
      const { x1, x2 } = draw(server.stream, supply.replenishmentNumber);
      supply.left = between(supply.budgetMin, supply.budget, x1);
      supply.nextReplenishment = sum(now, between(supply.period, supply.periodMax, x2));
      supply.replenishmentNumber += 1;
      happened.replenishments += 1;
      return;
    }
    case "sporadic": {
      const head = supply.refills[0]!;
      if (head.time > now || head.counted) return;
      head.counted = true;
      happened.replenishments += 1;
      return;
    }
    case "cbs":
      if (!supply.throttled || supply.deadline > now) return;
      supply.left = supply.budget;
      supply.deadline = sum(supply.deadline, supply.period);
      supply.throttled = false;
      happened.replenishments += 1;
      return;
    case "recorded": {
      if (supply.windows.some(({ start, duration }) => start + duration === now)) supply.left = 0;
      const begun = supply.windows.find(({ start }) => start === now);
      if (begun === undefined) return;
      supply.left = begun.duration;
      happened.replenishments += 1;
    }
  }
}

/** Phase F, for a server that has woken up now. */
export function wakeServer(server: Server, now: number): void {
  const { supply } = server;
  switch (supply.policy) {
    case "dedicated":
    case "idling":
    case "polling":
    case "deferrable":
    case "recorded":
      return;
    case "sporadic": {
      const [head, ...following] = supply.refills as [Sporadic["refills"][0], ...Sporadic["refills"]];
      if (head.time >= now) return;
      const merged = following.filter((refill) => refill.time <= now);
      head.time = now;
      for (const refill of merged) head.amount += refill.amount;
      supply.refills.splice(1, merged.length);
      return;
    }
    case "cbs":
    case "cbs-soft": {
      if (supply.throttled) return;
      // Would what is left, spent up to the old deadline, exceed the bandwidth Q / P? (BigInt: exactly.)
      const wanted = BigInt(supply.left) * BigInt(supply.period);
      const allowed = BigInt(supply.deadline - now) * BigInt(supply.budget);
      if (supply.deadline > now && wanted <= allowed) return;
      supply.left = supply.budget;
      supply.deadline = sum(now, supply.period);
      server.happened.replenishments += 1;
    }
  }
}

/** Phase G: a polling server with nothing to do loses its budget. */
export function discardBudget(server: Server): void {
  if (server.supply.policy === "polling" && !isPending(server)) server.supply.left = 0;
}

/** Whether the host may pick the server now. */
export function isEligible(server: Server, now: number): boolean {
  const { supply } = server;
  switch (supply.policy) {
    case "dedicated":
      return isPending(server);
    case "idling":
    case "polling":
    case "recorded":
      return supply.left > 0;
    case "deferrable":
    case "cbs-soft":
      return supply.left > 0 && isPending(server);
    case "cbs":
      return supply.left > 0 && isPending(server) && !supply.throttled;
    case "sporadic":
      return supply.refills[0]!.time <= now && isPending(server);
  }
}

/** The server deadline that host edf compares now (semantics.md section 6). */
export function serverDeadline(server: Server, now: number): number {
  const { supply } = server;
  switch (supply.policy) {
    case "dedicated":
      return Number.POSITIVE_INFINITY;
    case "idling":
    case "polling":
    case "deferrable":
      return supply.nextReplenishment;
    case "sporadic":
      return sum(supply.refills[0]!.time, supply.period);
    case "cbs":
    case "cbs-soft":
      return supply.deadline;
    case "recorded": {
      const window = supply.windows.find(({ start, duration }) => start + duration > now);
      if (window === undefined) return Number.POSITIVE_INFINITY;
      return window.start <= now ? window.start + window.duration : window.start;
    }
  }
}
