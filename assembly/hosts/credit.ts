// Xen's credit scheduler, 4.x, and with sampled accounting that of 3.x of 2007: credits by weight in every slice, a round robin
// by classes. Cherkasova, Gupta & Vahdat, ACM PER 35(2), 2007; semantics.md section 10.7.

import {
  ACCOUNTING_EXACT,
  ACCOUNTING_SAMPLED,
  IN_HEADER_ACCOUNTING,
  IN_HEADER_CREDITS,
  IN_HEADER_RATELIMIT,
  IN_HEADER_SLICE,
  IN_HEADER_TICK,
  POLICY_CREDIT,
  SERVERS_MAX,
  STATUS_OVERFLOW,
} from "../abi";
import { fail } from "../failure";
import { field, fieldOr, header } from "../input";
import { Mode } from "../mode";
import * as credit from "../policies/credit";
import { core, machine, noServer, Server, serverAt, serverIndex } from "../records";
import { Duration, Instant } from "../time";
import { ceilingOfQuotient, productExceeds, restOf } from "../wide";

/** The most credits of a slice: sums of what all servers have stay exact. */
const CREDITS_MAX: i64 = 1 << 54;

// Servers in an order, by place.
const queue = memory.data(SERVERS_MAX * 4, 64); // who waits for the CPU
const active = memory.data(SERVERS_MAX * 4, 64); // who takes part in the accounting
const accounted = memory.data(SERVERS_MAX * 4, 64); // a copy of it
let queued: i32 = 0;
let waiting: u64 = 0; // these, one bit each
let activeCount: i32 = 0;

let slice: Duration = 0;
let tick: Duration = 0;
let ratelimit: Duration = 0;
let perTick: i64 = 0; // credits of a tick of running
let perSlice: i64 = 0; // M: credits that are given in a slice; 0: more than can be counted
let sampled: bool = false;
let balance: i64 = 0; // b: of the last accounting
let current: Server = noServer; // has the CPU
let expiry: Instant = 0; // of its turn
let asked: bool = false; // somebody of a higher class wants the CPU
let unparked: u64 = 0; // at this instant, one bit each
let parked: u64 = 0;

export function start(): void {
  slice = field(header(), IN_HEADER_SLICE);
  tick = field(header(), IN_HEADER_TICK);
  ratelimit = fieldOr(header(), IN_HEADER_RATELIMIT, 0);
  perTick = fieldOr(header(), IN_HEADER_CREDITS, 1);
  sampled = fieldOr(header(), IN_HEADER_ACCOUNTING, ACCOUNTING_EXACT) == ACCOUNTING_SAMPLED;
  assert(tick > 0 && tick <= slice && ratelimit >= 0 && ratelimit <= slice && perTick > 0, "the credit scheduler");
  perSlice = productExceeds(slice, perTick, CREDITS_MAX, 1) ? 0 : slice * perTick;
  queued = 0;
  waiting = 0;
  activeCount = 0;
  balance = 0;
  current = noServer;
  asked = false;
  unparked = 0;
  parked = 0;
  machine.hostAt = tick;
}

/** Once all servers are loaded. */
export function check(): void {
  for (let place = 0; place < machine.serverCount; place++) {
    assert(serverAt(place).policy == POLICY_CREDIT, "credit has servers of its own");
  }
}

/** Phase A. */
export function charge(server: Server, used: Duration): void {
  if (!sampled && server != noServer) credit.pay(server, used * perTick);
}

/** Phase D. */
export function due(ran: Server, now: Instant, mode: Mode): void {
  const sinceTick = restOf(now, tick);
  const sinceSlice = restOf(now, slice);
  if (sinceTick == 0 && ran != noServer) sample(ran);
  if (sinceSlice == 0) account(now, mode);
  machine.hostAt = min(now - sinceTick + tick, now - sinceSlice + slice);
}

/** A tick finds a server on the CPU. */
function sample(ran: Server): void {
  if (!credit.isActive(ran)) {
    credit.setActive(ran, true);
    toFront(ran, activeCount++);
  }
  credit.unboost(ran);
  if (sampled) credit.pay(ran, tick * perTick);
}

/** The credits of a slice are shared by weight; what caps and savings leave goes to those after. */
function account(now: Instant, mode: Mode): void {
  const weights = activeWeight();
  const owed = -min<i64>(balance, 0);
  let total = perSlice + owed;
  let left = weights;
  let isShort = false; // somebody got less than the most
  balance = 0;
  memory.copy(accounted, active, activeCount << 2);
  for (let i = 0, count = activeCount; i < count; i++) {
    const server = serverIn(accounted, i);
    const weight = credit.weightOf(server);
    const bound = boundOf(server);
    left -= weight;
    let peak = perSlice + ceilingOfQuotient(owed, weight, weights);
    if (bound >= 0) peak = min(peak, bound);
    let income = ceilingOfQuotient(total, weight, weights);
    if (income < peak) isShort = true;
    else {
      if (left > 0) total = sum(total, ceilingOfQuotient(income - peak, weights, left));
      if (isShort) toFront(server, find(active, activeCount, server));
      income = peak;
    }
    balance += settle(server, income, bound, now, mode);
  }
  sortQueue();
}

/** Gives a server its income; who is above its cap is parked, who has enough is not active any more. */
function settle(server: Server, income: i64, bound: i64, now: Instant, mode: Mode): i64 {
  const credits = credit.earn(server, income, bound, perSlice, now, mode);
  if (credit.isParked(server)) parked |= server.bit;
  else if ((parked & server.bit) != 0) {
    parked &= ~server.bit;
    unparked |= server.bit;
  }
  if (!credit.isActive(server)) activeCount = remove(active, activeCount, server);
  return credits;
}

/** The debt from which on a server is parked; -1: it has no cap. */
function boundOf(server: Server): i64 {
  const cap = credit.capOf(server);
  return cap == 0 ? -1 : ceilingOfQuotient(cap, perSlice, 100);
}

function activeWeight(): i64 {
  let weights: i64 = 0;
  for (let i = 0; i < activeCount; i++) weights += credit.weightOf(serverIn(active, i));
  return weights;
}

/** A sum that has stayed exact; others end the run. */
function sum(a: i64, b: i64): i64 {
  if (b <= (1 << 62) - a) return a + b;
  fail(STATUS_OVERFLOW);
  return 0;
}

/** Phase F. */
export function wake(woken: u64, now: Instant): void {
  for (let left = woken & ~parked; left != 0; left &= left - 1) credit.boost(serverAt(<i32>ctz(left)));
  for (let left = (woken | unparked) & runnable(); left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    let at = turnOf(server);
    if (credit.laxityOf(server) >= 0 && (woken & server.bit) != 0) at = min(at, turnByLaxity(server, now));
    insert(server, at);
    if (current != noServer && credit.levelOf(server) < credit.levelOf(current)) asked = true;
  }
  unparked = 0;
}

/** After how many turns it may wait at most. */
function turnByLaxity(server: Server, now: Instant): i32 {
  const rest = current != noServer && (current.bit & runnable()) != 0 ? expiry - now : 0;
  return <i32>min<i64>(SERVERS_MAX, max<i64>(0, credit.laxityOf(server) - rest) / slice);
}

/** Phase H. */
export function decide(now: Instant): Server {
  if (perSlice == 0) fail(STATUS_OVERFLOW);
  if (unparked != 0) wake(0, now);
  const servers = runnable();
  if ((waiting & ~servers) != 0) keepRunnable(servers);
  if (current != noServer && (current.bit & servers) == 0) current = noServer;
  if (!goesOn(now)) {
    if (current != noServer) insert(current, turnOf(current));
    current = noServer;
    if (queued > 0) {
      current = serverIn(queue, 0);
      queued = remove(queue, queued, current);
      waiting &= ~current.bit;
      expiry = now + slice;
    }
  }
  asked = false;
  machine.runnable = servers;
  core.payer = changetype<usize>(current);
  if (current != noServer) core.serviceEnd = expiry;
  return current;
}

/** Whether who has the CPU keeps it. Who got it a short time ago does, unless one in real time waits. */
function goesOn(now: Instant): bool {
  if (current == noServer) return false;
  if (!asked && now < expiry) return true;
  const ran = now - current.gotCpuAt;
  if (ran >= ratelimit || (queued > 0 && credit.levelOf(serverIn(queue, 0)) == credit.REALTIME)) return false;
  expiry = now + ratelimit - ran;
  return true;
}

function runnable(): u64 {
  return machine.pending & ~parked;
}

/** @inline */
function placeIn(list: usize, index: i32): i32 {
  return load<i32>(list + ((<usize>index) << 2));
}

/** @inline */
function serverIn(list: usize, index: i32): Server {
  return serverAt(placeIn(list, index));
}

/** @inline */
function put(list: usize, index: i32, place: i32): void {
  store<i32>(list + ((<usize>index) << 2), place);
}

function find(list: usize, count: i32, server: Server): i32 {
  const place = serverIndex(server);
  let at = 0;
  while (at < count && placeIn(list, at) != place) at++;
  return at;
}

/** Takes a server out, if it is there; returns how many are left. */
function remove(list: usize, count: i32, server: Server): i32 {
  const at = find(list, count, server);
  if (at == count) return count;
  for (let i = at + 1; i < count; i++) put(list, i - 1, placeIn(list, i));
  return count - 1;
}

/** Makes the active server at that place the first one. */
function toFront(server: Server, at: i32): void {
  for (let i = at; i > 0; i--) put(active, i, placeIn(active, i - 1));
  put(active, 0, serverIndex(server));
}

/** Its turn in the queue: before the first of a lower class. */
function turnOf(server: Server): i32 {
  const level = credit.levelOf(server);
  let at = 0;
  while (at < queued && credit.levelOf(serverIn(queue, at)) <= level) at++;
  return at;
}

function insert(server: Server, at: i32): void {
  for (let i = queued; i > at; i--) put(queue, i, placeIn(queue, i - 1));
  put(queue, at, serverIndex(server));
  queued++;
  waiting |= server.bit;
}

/** Who has nothing to do, or is parked, does not wait. */
function keepRunnable(servers: u64): void {
  let kept = 0;
  for (let i = 0; i < queued; i++) {
    const place = placeIn(queue, i);
    if (((servers >> place) & 1) != 0) put(queue, kept++, place);
  }
  queued = kept;
  waiting &= servers;
}

/** Those without credits come after the others, each in its order. */
function sortQueue(): void {
  let at = 0;
  for (let i = 0; i < queued; i++) {
    const server = serverIn(queue, i);
    if (credit.levelOf(server) == credit.OVER) continue;
    for (let k = i; k > at; k--) put(queue, k, placeIn(queue, k - 1));
    put(queue, at++, serverIndex(server));
  }
}

/** Traced: whether the server that runs does so in debt of credits. */
export function isExtra(server: Server): bool {
  return credit.levelOf(server) == credit.OVER;
}

/** Traced: its class. */
export function levelOf(server: Server): i64 {
  return credit.levelOf(server);
}
