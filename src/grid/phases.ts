// `phases: random`: replicate 0 of a cell has the offsets as written, every other one draws those of all servers and tasks
// (semantics.md section 3). The draw knows seed, replicate and entity, and scales with the entity's own period: cells that
// differ in budgets, policies or costs see the same phases.

import * as abi from "../../assembly/abi.js";
import { serverAt, taskAt } from "../model/fields.js";
import { POLICIES, takes } from "../model/policies.js";
import { philox } from "../numbers/philox.js";
import type { ServerNames } from "../scenario/scenario.js";

/** Number of the draw: no job and no replenishment has it. */
const PHASE_DRAW = 0xffffffff;
/** Added to the number of a server, so that it is no task's. */
const SERVERS_FROM = 2 ** 31;

/** A server or task whose offset can be drawn. */
interface Entity {
  readonly record: "server" | "task";
  /** Part of the counter. */
  readonly counter: number;
  readonly period: number;
  readonly offset: number;
  /** Where the server's policy stands; -1 for a task. */
  readonly policy: number;
}

/** The phases of one cell after the other. */
export class Phases {
  private readonly entities: readonly Entity[];
  private readonly written: Float64Array;
  private isDrawn = false;

  /** @param names of the servers and tasks of the cells */
  constructor(names: readonly ServerNames[]) {
    const servers = names.map((_, server) => {
      const at = serverAt(server);
      const slots = { period: at + abi.IN_SERVER_PERIOD, offset: at + abi.IN_SERVER_OFFSET };
      const entity = { record: "server", counter: SERVERS_FROM + server } as const;
      return { ...entity, ...slots, policy: at + abi.IN_SERVER_POLICY };
    });
    const tasks = names
      .flatMap((server) => server.tasks)
      .map((_, task) => {
        const at = taskAt(names.length, task);
        const slots = { period: at + abi.IN_TASK_PERIOD, offset: at + abi.IN_TASK_OFFSET };
        return { record: "task", counter: task, ...slots, policy: -1 } as const;
      });
    this.entities = [...servers, ...tasks];
    this.written = new Float64Array(this.entities.length);
  }

  /** Writes the offsets of a replicate of the flat scenario, whose seed is set. */
  write(flat: Float64Array, replicate: number): void {
    this.restore(flat);
    if (replicate === 0) return;
    this.isDrawn = true;
    const key = [flat[abi.IN_HEADER_SEED_LOW], flat[abi.IN_HEADER_SEED_HIGH]] as const;
    for (const [index, entity] of this.entities.entries()) {
      this.written[index] = flat[entity.offset];
      if (!hasPhase(flat, entity)) continue;
      const [low, high] = philox([PHASE_DRAW, PHASE_DRAW, entity.counter, replicate], key);
      flat[entity.offset] = share(flat[entity.period], low, high);
    }
  }

  /** Undoes what was drawn, before fields of the next cell are written. */
  restore(flat: Float64Array): void {
    if (!this.isDrawn) return;
    this.isDrawn = false;
    for (const [index, { offset }] of this.entities.entries()) flat[offset] = this.written[index];
  }

  /** The period of a server or task, in steps, if it has a phase and fewer steps than `least`. */
  few(flat: Float64Array, record: Entity["record"], number: number, least: number): number | undefined {
    const entity = this.entities[record === "server" ? number : flat[abi.IN_HEADER_SERVERS] + number];
    const period = flat[entity.period];
    return period < least && hasPhase(flat, entity) ? period : undefined;
  }

  /**
   * The phases whose bounds hold in all phases: every server comes as late, and every task as early, as in any of them.
   * Bounds depend on offsets only by how long a task may wait for its server's first budget.
   */
  worst(flat: Float64Array): Float64Array {
    const worst = flat.slice();
    for (const entity of this.entities.filter((each) => hasPhase(flat, each))) {
      const { offset, period, policy } = entity;
      worst[offset] = policy < 0 ? 0 : Math.max(flat[offset], flat[period] - 1);
    }
    return worst;
  }
}

/** floor(x * period / 2^64) of the drawn x: whole, from 0 to period - 1. */
function share(period: number, low: number, high: number): number {
  return Number((((BigInt(high) << 32n) | BigInt(low)) * BigInt(period)) >> 64n);
}

/** Whether it has an offset and a period: tasks with jobs as given have neither, and only some policies do. */
function hasPhase(flat: Float64Array, { period, policy }: Entity): boolean {
  if (!(flat[period] > 0)) return false;
  if (policy < 0) return true;
  const known = POLICIES[flat[policy]]; // none in a cell whose policy was refused
  return known !== undefined && takes(known, "offset");
}
