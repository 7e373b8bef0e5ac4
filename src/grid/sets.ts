// Sets of tasks that are written, one a replicate: which tasks a replicate has.

import type { Operand, Sweep, SweepField, TaskSets } from "../sweep/sweep.js";
import { axesOf, union } from "./dependence.js";

/** Whether the tasks of a sweep come in sets that are written. */
export function hasSets({ sets }: Pick<Sweep, "sets">): boolean {
  return sets.some((each) => each !== undefined);
}

/** How many sets a cell has: one a replicate; 1 where all replicates have the same tasks. */
export function setsOfCell(sweep: Sweep): number {
  return hasSets(sweep) ? sweep.replicates : 1;
}

/** Of a server the places of its tasks that a replicate has. @param tasks of the server as written */
export function placesIn(sets: TaskSets | undefined, tasks: number, replicate: number): number[] {
  if (sets === undefined) return Array.from({ length: tasks }, (_, place) => place);
  const { from, starts } = sets;
  const places = Array.from({ length: from }, (_, place) => place);
  for (let place = starts[replicate]; place < starts[replicate + 1]; place++) places.push(from + place);
  return places;
}

/** Which set each record is in; undefined where it is in every replicate. */
export class SetIndex {
  private readonly tasks: (number | undefined)[] = [];
  private readonly jobs: (number | undefined)[] = [];
  private readonly observed: (number | undefined)[] = [];
  private readonly parts: (number | undefined)[] = [];
  private readonly isThere: boolean;

  constructor(sweep: Sweep) {
    this.isThere = hasSets(sweep);
    if (!this.isThere) return;
    for (const [server, { tasks }] of sweep.names.entries()) {
      const sets = sweep.sets[server];
      for (let set = 0, place = 0; place < tasks.length; place++) {
        if (sets !== undefined) while (place - sets.from >= sets.starts[set + 1]) set++;
        const own = sets === undefined || place < sets.from ? undefined : set;
        const task = this.tasks.push(own) - 1;
        for (let job = 0; job < (sweep.jobs[task] ?? 0); job++) this.jobs.push(own);
        for (let time = 0; time < (sweep.observed[task] ?? 0); time++) this.observed.push(own);
        for (let part = 0; part < (sweep.parts[task] ?? 0); part++) this.parts.push(own);
      }
    }
  }

  /** @param index of the record as written */
  of(record: SweepField["record"], index: number): number | undefined {
    if (!this.isThere) return undefined;
    if (record === "task") return this.tasks[index];
    if (record === "job") return this.jobs[index];
    if (record === "observed") return this.observed[index];
    return record === "part" ? this.parts[index] : undefined;
  }
}

/** The axes on which what tasks in sets are given depends, ascending. */
export function axesOfSets(sweep: Sweep): number[] {
  if (!hasSets(sweep)) return [];
  const index = new SetIndex(sweep);
  const inSets = sweep.fields.filter((field) => index.of(field.record, field.index) !== undefined);
  return union(inSets.map(({ value }: { readonly value: Operand }) => axesOf(value)));
}

/** The names of the tasks of a server that any replicate has, each once. */
export function namesInSets(tasks: readonly string[], sets: TaskSets | undefined, replicates: number): string[] {
  if (sets === undefined) return [...tasks];
  return [...new Set(tasks.slice(0, sets.from + sets.starts[replicates]))];
}

/** Whether replicates differ in which tasks they have, and not only in what these are given. */
export function setsDiffer(sweep: Sweep): boolean {
  const { replicates } = sweep;
  return sweep.names.some(({ tasks }, server) => {
    const sets = sweep.sets[server];
    if (sets === undefined) return false;
    const all = namesInSets(tasks, sets, replicates).length;
    return Array.from({ length: replicates }, (_, set) => placesIn(sets, tasks.length, set).length).some(
      (own) => own !== all,
    );
  });
}
