// Which CPUs a cell's VCPUs have, and which VCPUs its tasks, where lists or methods of the sweep say so (semantics.md section 11.9).

import * as abi from "../../assembly/abi.js";
import { assign, METHODS, type Method, type Scheduler, SPLITTING, type Task, WHOLE_METHODS } from "../assign/assign.js";
import { EXIT, ExitError } from "../input/exit.js";
import type { Spot } from "../input/place.js";
import { serverAt, taskAt } from "../model/fields.js";
import { formatNumber, Refused } from "../numbers/durations.js";
import { writeAffinity } from "../scenario/affinity.js";
import { type WrittenServer, writtenServers } from "../scenario/directory.js";
import type { Environment } from "../sweep/expression.js";
import type { Affinity, Assign, Sweep } from "../sweep/sweep.js";
import type { Shape } from "./shape.js";
import { numberOf } from "./values.js";

/** A cell in which something fits nowhere: there is nothing to run. */
export class FitsNowhere extends ExitError {
  readonly exitCode = EXIT.cellsFailed;

  constructor(message: string) {
    super(message);
    this.name = "FitsNowhere";
  }
}

/** Told why something of a cell cannot be written, or that it can. */
type Refuse = (spot: Spot, reason: string | undefined) => void;

/** Writes affinities and assignments into cells. */
export class Placement {
  private constructor(private readonly sweep: Sweep) {}

  /** Undefined where there are none. */
  static of(sweep: Sweep): Placement | undefined {
    const { affinities, assigns, hostAssign } = sweep;
    const isNeeded = [...affinities, ...assigns, hostAssign].some((each) => each !== undefined);
    return isNeeded ? new Placement(sweep) : undefined;
  }

  /** For how many parts a flat scenario needs room. */
  static partsOf({ assigns }: Sweep, { written, names }: Shape): number {
    return written.server.reduce((sum, server, place) => {
      const { vcpu, tasks } = names[place];
      return assigns[server] === undefined || vcpu === undefined ? sum : sum + vcpu.count * tasks.length;
    }, 0);
  }

  /**
   * Writes what depends on all fields of a cell.
   * @returns why something fits nowhere; undefined if all has its place
   */
  write(flat: Float64Array, shape: Shape, axes: Environment, refuse: Refuse): string | undefined {
    const { sweep } = this;
    for (const [server, affinity] of sweep.affinities.entries()) {
      if (affinity === undefined) continue;
      const cpus = attempt(affinity, refuse, () => cpusOf(affinity, axes));
      for (const place of shape.places.server.get(server) ?? []) writeAffinity(flat, serverAt(place), cpus);
    }
    const cell = new CellPlacement(flat, shape);
    const misfits: string[] = [];
    const note = (assigned: Assign, methods: readonly Method[], place: (method: Method) => string | undefined) => {
      const misfit = attempt(assigned, refuse, () => place(methodOf(assigned, axes, methods)));
      if (misfit !== undefined) misfits.push(misfit);
    };
    const { hostAssign } = sweep;
    if (hostAssign !== undefined) note(hostAssign, WHOLE_METHODS, (method) => cell.placeVcpus(method));
    for (const server of writtenServers(shape.names)) {
      const assigned = sweep.assigns[shape.written.server[server.first]];
      if (assigned !== undefined) note(assigned, METHODS, (method) => cell.placeTasks(server, method));
    }
    return misfits[0];
  }
}

/** The result of `read`; undefined, and told, where it refuses. */
function attempt<Result>(spot: Spot, refuse: Refuse, read: () => Result): Result | undefined {
  try {
    const result = read();
    refuse(spot, undefined);
    return result;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refuse(spot, error.message);
    return undefined;
  }
}

function cpusOf({ cpus }: Affinity, axes: Environment): number[] {
  const numbers: number[] = [];
  for (const { value } of cpus) {
    const cpu = numberOf(value, axes);
    const text = formatNumber(cpu);
    if (cpu.d !== 1n || cpu.s < 0n || cpu.n >= BigInt(abi.CPUS_MAX))
      throw new Refused(`there is no CPU ${text}; they are numbered from 0, and at most ${abi.CPUS_MAX}`);
    if (numbers.includes(Number(cpu.n))) throw new Refused(`CPU ${text} is twice in the list`);
    numbers.push(Number(cpu.n));
  }
  return numbers;
}

function methodOf({ method }: Assign, axes: Environment, methods: readonly Method[]): Method {
  const text = method.kind === "expression" ? method.expression.evaluate(axes) : method.value;
  const found = methods.find((each) => each === text);
  if (found === undefined) throw new Refused(`${JSON.stringify(text)} is not one of ${methods.join(", ")}`);
  return found;
}

/** The assignments of one cell. */
class CellPlacement {
  /** Parts so far; only assignments make any. */
  private parts = 0;

  constructor(
    private readonly flat: Float64Array,
    private readonly shape: Shape,
  ) {}

  /** Gives every topmost VCPU one CPU. @returns what fits nowhere */
  placeVcpus(method: Method): string | undefined {
    const { flat } = this;
    const { names } = this.shape;
    const scheduler = HOST_SCHEDULERS[this.given(abi.IN_HEADER_HOST_SCHEDULER, abi.HOST_FP)];
    if (scheduler === undefined) throw new Refused("assigns VCPUs under host fp and edf alone");
    const vcpus = [...names.keys()].filter((number) => names[number].parent === undefined);
    const cpus = this.given(abi.IN_HEADER_CPUS, 1);
    const tasks = vcpus.map((number): Task => {
      const at = serverAt(number);
      const period = flat[at + abi.IN_SERVER_PERIOD];
      if (period === abi.ABSENT)
        throw new Refused(`${names[number].name} has no budget and period, so nobody knows what it asks of a CPU`);
      const wcet = flat[at + abi.IN_SERVER_BUDGET];
      return { wcet, period, deadline: period, urgency: this.given(at + abi.IN_SERVER_PRIORITY, number + 1) };
    });
    const found = this.assigned(method, scheduler, tasks, cpus);
    const misfit = found === undefined || "placements" in found ? undefined : found.misfit;
    const places = found !== undefined && "placements" in found ? found.placements : undefined;
    for (const [i, number] of vcpus.entries()) {
      const place = places?.[i];
      writeAffinity(flat, serverAt(number), [place !== undefined && "on" in place ? place.on : 0]);
    }
    return misfit === undefined ? undefined : `${names[vcpus[misfit]].name} fits on none of the CPUs by ${method}`;
  }

  /** Gives every task of a VM one VCPU, or parts. @returns what fits nowhere */
  placeTasks({ name, first, count, firstTask, tasks: names }: WrittenServer, method: Method): string | undefined {
    const { flat } = this;
    const tasks = names.map((_, i) => this.taskAt(firstTask + i));
    for (const at of tasks) {
      flat[at + abi.IN_TASK_VCPU] = abi.ABSENT;
      flat[at + abi.IN_TASK_PARTS] = abi.ABSENT;
    }
    const server = serverAt(first);
    if (flat[server + abi.IN_SERVER_ASSIGNMENT] !== abi.ASSIGNMENT_PARTITIONED) return undefined;
    for (const at of tasks) flat[at + abi.IN_TASK_VCPU] = first;
    const scheduler = GUEST_SCHEDULERS[this.given(server + abi.IN_SERVER_SCHEDULER, abi.GUEST_FP)];
    if (scheduler === undefined) throw new Refused("assigns tasks of fp and edf guests alone");
    const priorities = this.given(server + abi.IN_SERVER_PRIORITIES, abi.PRIORITIES_RM);
    if (SPLITTING[method] === "fp" && priorities === abi.PRIORITIES_EXPLICIT)
      throw new Refused(`${method} goes with priorities rm and dm, in which parts come first`);
    const asked = tasks.map((at, i) => this.taskOf(at, priorities, names[i]));
    const found = this.assigned(method, scheduler, asked, count);
    if (found === undefined) return undefined;
    if (!("placements" in found))
      return `task ${names[found.misfit]} of ${name} fits on none of its VCPUs by ${method}`;
    for (const [i, placement] of found.placements.entries()) {
      if ("on" in placement) flat[tasks[i] + abi.IN_TASK_VCPU] = first + placement.on;
      else {
        flat[tasks[i] + abi.IN_TASK_VCPU] = abi.ABSENT;
        flat[tasks[i] + abi.IN_TASK_PARTS] = placement.parts.length;
        for (const { on, budget, deadline = abi.ABSENT } of placement.parts) this.addPart(first + on, budget, deadline);
      }
    }
    return undefined;
  }

  /** Undefined where a number was refused before. */
  private assigned(method: Method, scheduler: Scheduler, tasks: readonly Task[], count: number) {
    const splits = SPLITTING[method];
    if (splits !== undefined && splits !== scheduler) throw new Refused(`${method} goes with ${splits} alone`);
    const areWhole = tasks.every(
      ({ wcet, period, deadline, urgency }) => Math.min(wcet, period, deadline, urgency) >= 1,
    );
    return areWhole && count >= 1 ? assign(method, scheduler, tasks, count) : undefined;
  }

  private taskOf(at: number, priorities: number, name: string): Task {
    const { flat } = this;
    const period = flat[at + abi.IN_TASK_PERIOD];
    if (period === abi.ABSENT) throw new Refused(`task ${name} has no period, so nobody knows what it asks of a VCPU`);
    const deadline = this.given(at + abi.IN_TASK_DEADLINE, period);
    const urgencies: Readonly<Record<number, number>> = { [abi.PRIORITIES_RM]: period, [abi.PRIORITIES_DM]: deadline };
    const urgency = urgencies[priorities] ?? flat[at + abi.IN_TASK_PRIORITY];
    return { wcet: flat[at + abi.IN_TASK_WCET], period, deadline, urgency };
  }

  private addPart(vcpu: number, budget: number, deadline: number): void {
    const { flat, shape } = this;
    const at = shape.recordAt("part", this.parts++);
    flat[at + abi.IN_PART_VCPU] = vcpu;
    flat[at + abi.IN_PART_BUDGET] = budget;
    flat[at + abi.IN_PART_DEADLINE] = deadline;
  }

  private taskAt(number: number): number {
    return taskAt(this.shape.servers, number);
  }

  private given(slot: number, otherwise: number): number {
    const value = this.flat[slot];
    return value === abi.ABSENT ? otherwise : value;
  }
}

const HOST_SCHEDULERS: Readonly<Record<number, Scheduler>> = { [abi.HOST_FP]: "fp", [abi.HOST_EDF]: "edf" };
const GUEST_SCHEDULERS: Readonly<Record<number, Scheduler>> = { [abi.GUEST_FP]: "fp", [abi.GUEST_EDF]: "edf" };
