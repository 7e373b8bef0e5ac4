// The rules that look at all servers together (semantics.md sections 10.2, 10.3 and 10.8).

import * as abi from "../../../assembly/abi.js";
import { HOST_FIELDS, serverAt, slotsWithin } from "../../model/fields.js";
import { bigLeastCommonMultiple } from "../../numbers/integers.js";
import type { Report } from "./checker.js";

export function checkTogether(flat: Float64Array, report: Report): void {
  checkBestEffort(flat, report);
  checkReclaiming(flat, report);
}

/** The numbers of the servers of which something holds. */
function serversWhere(flat: Float64Array, holds: (at: number) => boolean): number[] {
  const found: number[] = [];
  for (let server = 0; server < flat[abi.IN_HEADER_SERVERS]; server++) if (holds(serverAt(server))) found.push(server);
  return found;
}

const FAIR_SLOTS = slotsWithin(HOST_FIELDS, "fair");
const BANDWIDTH_SLOTS = slotsWithin(HOST_FIELDS, "bandwidth");

/** What `fair` servers weigh that do not say it; virtual times are multiples of what divides this, too. */
const WEIGHT_DEFAULT = 1024;

/** `horizon * L` that virtual times can be counted in. */
const VIRTUAL_MAX = 2n ** 60n;

function checkBestEffort(flat: Float64Array, report: Report): void {
  const isGiven = FAIR_SLOTS.some((slot) => flat[slot] !== abi.ABSENT);
  const fair = serversWhere(flat, (at) => flat[at + abi.IN_SERVER_POLICY] === abi.POLICY_FAIR);
  const weighted = serversWhere(flat, (at) => flat[at + abi.IN_SERVER_BACKGROUND_WEIGHT] > 0);
  const members = [...fair, ...weighted];
  if (members.length === 0) {
    // A server whose policy or background was refused may have been meant to be a member.
    const isRefused = (at: number) =>
      Number.isNaN(flat[at + abi.IN_SERVER_POLICY]) || Number.isNaN(flat[at + abi.IN_SERVER_BACKGROUND_WEIGHT]);
    if (isGiven && FAIR_SLOTS.every((slot) => !Number.isNaN(flat[slot])) && serversWhere(flat, isRefused).length === 0)
      report(
        { record: "host", index: 0, field: "fair" },
        () => "means nothing without a fair server or a background weight",
      );
    return;
  }
  if (!isGiven) {
    const what = fair.length > 0 ? "fair servers" : "background weights";
    report({ record: "host", index: 0, field: "fair" }, () => `is missing; it says how ${what} share the CPU`);
    return;
  }
  const scale = virtualScale(flat, members);
  const horizon = flat[abi.IN_HEADER_HORIZON];
  if (scale === undefined || !(horizon > 0) || BigInt(horizon) * scale <= VIRTUAL_MAX) return;
  report(
    { record: "host", index: 0, field: "fair" },
    (show) =>
      `the horizon ${show(horizon)} times the least common multiple of all weights and ${WEIGHT_DEFAULT}, ${scale}, passes 2^60, in which virtual times are exact; choose weights with a smaller one`,
  );
}

/** The least common multiple of all weights; undefined where one of them was refused. */
function virtualScale(flat: Float64Array, members: readonly number[]): bigint | undefined {
  const weights = members.map((server) => {
    const at = serverAt(server);
    const isFair = flat[at + abi.IN_SERVER_POLICY] === abi.POLICY_FAIR;
    const weight = flat[at + (isFair ? abi.IN_SERVER_WEIGHT : abi.IN_SERVER_BACKGROUND_WEIGHT)];
    return isFair && weight === abi.ABSENT ? WEIGHT_DEFAULT : weight;
  });
  return areWhole(weights, 1) ? bigLeastCommonMultiple([WEIGHT_DEFAULT, ...weights].map(BigInt)) : undefined;
}

function areWhole(numbers: readonly number[], least: number): boolean {
  return numbers.every((number) => number >= least);
}

/** Budgets of reclaiming servers are exact up to here. */
const RECLAIMED_MAX = 2n ** 62n;

function checkReclaiming(flat: Float64Array, report: Report): void {
  const constant = serversWhere(flat, (at) => flat[at + abi.IN_SERVER_POLICY] === abi.POLICY_CBS);
  const of = (server: number, slot: number) => flat[serverAt(server) + slot];
  const reclaiming = constant.filter((server) => of(server, abi.IN_SERVER_RECLAIM) === 1);
  const adapted = constant.find((server) => of(server, abi.IN_SERVER_FEEDBACK_EVERY) !== abi.ABSENT);
  for (const server of constant) {
    const value = of(server, abi.IN_SERVER_RECLAIM);
    if (adapted !== undefined && value >= 0)
      report(
        { record: "server", index: server, field: "reclaim" },
        () => "means nothing where a cbs server has feedback; what is reclaimed counts on budgets that stay",
      );
  }
  if (reclaiming.length > 0) checkBandwidth(flat, constant, report);
  else if (
    BANDWIDTH_SLOTS.some((slot) => flat[slot] >= 0) &&
    !constant.some((server) => Number.isNaN(of(server, abi.IN_SERVER_RECLAIM)))
  )
    report({ record: "host", index: 0, field: "bandwidth" }, () => "means nothing without a cbs server that reclaims");
}

/** The cbs servers get no more than there is, and their budgets stay exact. */
function checkBandwidth(flat: Float64Array, constant: readonly number[], report: Report): void {
  const given = (slot: number, otherwise: number) => (flat[slot] === abi.ABSENT ? otherwise : flat[slot]);
  const max = [given(abi.IN_HEADER_BANDWIDTH_MAX, 1), given(abi.IN_HEADER_BANDWIDTH_MAX + 1, 1)];
  const kept = [given(abi.IN_HEADER_BANDWIDTH_RESERVED, 0), given(abi.IN_HEADER_BANDWIDTH_RESERVED + 1, 1)];
  const column = (slot: number) => constant.map((server) => flat[serverAt(server) + slot]);
  const periods = column(abi.IN_SERVER_PERIOD);
  const budgets = column(abi.IN_SERVER_BUDGET);
  if (!areWhole([...max, kept[1], ...periods, ...budgets], 1) || !areWhole(kept, 0)) return;
  const [top, bottom, reserved, parts] = [...max, ...kept].map(BigInt);
  const multiple = bigLeastCommonMultiple([parts, ...periods.map(BigInt)]);
  const promised = budgets.reduce(
    (sum, budget, i) => sum + BigInt(budget) * (multiple / BigInt(periods[i])),
    reserved * (multiple / parts),
  );
  if (promised * bottom > top * multiple)
    report(
      { record: "host", index: 0, field: "bandwidth" },
      () =>
        `the cbs servers and what is reserved take ${promised} / ${multiple} of the CPU, more than the ${top} / ${bottom} that there is`,
    );
  const longest = Math.max(...periods, ...column(abi.IN_SERVER_ENFORCE_EVERY).filter((every) => every >= 1));
  if (top * multiple * BigInt(longest) > RECLAIMED_MAX)
    report(
      { record: "host", index: 0, field: "bandwidth" },
      (show) =>
        `budgets in parts of ${top * multiple}, over ${show(longest)}, pass 2^62, in which they are exact; choose periods with a smaller least common multiple`,
    );
}
