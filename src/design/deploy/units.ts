// From the time base of a design to the whole nanoseconds or microseconds of a mechanism, rounded in the safe direction.

import { Fraction } from "fraction.js";
import type { Server, System, Task } from "../../model/system.js";
import { NANOSECONDS } from "../../numbers/durations.js";

/** The units that mechanisms take. */
export type DeployUnit = "ns" | "us";

/** A time that does not fit a mechanism's unit; the message says which. */
export class DoesNotFit extends Error {}

/**
 * The system in another unit. What is given is never more than asked for and what is needed never less: periods and
 * deadlines are rounded down, budgets, execution times, jitters and costs up. A reservation does not vary and is not
 * aligned with its guest, so period_max, budget_min and offset are those of a steady one.
 * @param step length of one time unit of the system, in nanoseconds
 * @throws DoesNotFit for a period or deadline below one unit, or a time beyond 2^53 - 1
 */
export function inDeployUnit(system: System, step: Fraction, unit: DeployUnit): System {
  const scale = step.div(new Fraction(NANOSECONDS[unit]));
  const down = (time: number, what: string) => whole(scale.mul(time).floor(), 1n, unit, what);
  const up = (time: number, what: string) => whole(scale.mul(time).ceil(), 0n, unit, what);
  const { host } = system;
  return {
    horizon: system.horizon,
    host: {
      scheduler: host.scheduler,
      hostSwitch: up(host.hostSwitch, "host_switch"),
      guestSwitch: up(host.guestSwitch, "guest_switch"),
    },
    servers: system.servers.map((server) => ({
      ...steady(server, down, up),
      tasks: server.tasks.map((task) => taskIn(task, `${server.name}/${task.name}`, down, up)),
    })),
  };
}

type Round = (time: number, what: string) => number;

function whole(value: Fraction, least: bigint, unit: DeployUnit, what: string): number {
  if (value.n < least) throw new DoesNotFit(`${what} is less than 1 ${unit}`);
  if (value.n > BigInt(Number.MAX_SAFE_INTEGER)) throw new DoesNotFit(`${what} is more than 2^53 - 1 ${unit}`);
  return Number(value.n);
}

function steady(server: Server, down: Round, up: Round): Server {
  if (server.period === null || server.budget === null) return server;
  const period = down(server.period, `the period of ${server.name}`);
  // A whole CPU stays a whole CPU.
  const budget = Math.min(period, up(server.budget, `the budget of ${server.name}`));
  const offset = server.offset === null ? null : 0;
  return { ...server, ...moreIn(server, down), period, budget, offset, periodMax: period, budgetMin: budget };
}

/** Of what a server says beyond its period and budget the deadline is the only time that a mechanism takes. */
function moreIn({ name, more }: Server, down: Round): Pick<Server, "more"> {
  if (typeof more?.deadline !== "number") return {};
  return { more: { ...more, deadline: down(more.deadline, `the deadline of ${name}`) } };
}

function taskIn(task: Task, name: string, down: Round, up: Round): Task {
  if (task.more !== undefined) return task;
  const wcet = up(task.wcet, `the wcet of ${name}`);
  const period = down(task.period, `the period of ${name}`);
  return {
    ...task,
    period,
    wcet,
    deadline: down(task.deadline, `the deadline of ${name}`),
    offset: up(task.offset, `the offset of ${name}`),
    bcet: wcet,
    jitter: up(task.jitter, `the jitter of ${name}`),
    periodMax: period,
  };
}
