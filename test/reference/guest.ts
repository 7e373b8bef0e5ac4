// The guest's choice: which job of a server runs, and on which of its VCPUs.

import { inOrder, preferred, smallest } from "./integers.js";
import { type Job, type Run, readyJobs, type Server, type Vm, vcpuOf } from "./state.js";

/** The job on the VCPU that runs while it has a CPU, where its guest scheduler has only this one; null: it idles. */
export function pickJob(server: Server): Job | null {
  const { vm } = server;
  if (vm === null) return null;
  const jobs = readyJobs(vm).filter((job) => vcpuOf(job) === server);
  return smallest(jobs, (job) => rankOf(vm, job, job.putOn === server && holds(job)));
}

/** The guest's order. */
function rankOf(vm: Vm, job: Job, isHolder: boolean): readonly number[] {
  const { number, priority, goesFirst } = job.task;
  if (goesFirst) return [0, number];
  switch (vm.scheduler) {
    case "fp":
      return [1, priority, number];
    case "edf":
      return [1, deadlineOf(job), preferred(isHolder), number];
    case "fifo":
      return [1, job.release, number];
  }
}

/** d(k), or that of the part. */
function deadlineOf(job: Job): number {
  const part = job.task.parts[job.part.number];
  return part === undefined ? job.deadline : job.arrival + part.deadline;
}

/** The job was the last to be put on the VCPU on which it was put last. */
function holds(job: Job): boolean {
  return job.putOn?.memory === job;
}

/** Puts the first of the ready jobs on the VCPUs that are available. */
function putJobs(vm: Vm, available: readonly Server[]): Map<Server, Job> {
  const chosen = inOrder(readyJobs(vm), (job) => rankOf(vm, job, holds(job))).slice(0, available.length);
  const places = new Map<Server, Job>();
  const settle = (wanted: (job: Job) => Server | null | undefined) => {
    for (const job of chosen) {
      if ([...places.values()].includes(job)) continue;
      const vcpu = wanted(job);
      if (vcpu && available.includes(vcpu) && !places.has(vcpu)) places.set(vcpu, job);
    }
  };
  settle((job) => (holds(job) ? job.putOn : null));
  settle((job) => job.task.lastPut);
  settle(() => available.find((vcpu) => !places.has(vcpu)));
  for (const [vcpu, job] of places) remember(vcpu, job);
  return places;
}

function remember(vcpu: Server, job: Job): void {
  vcpu.memory = job;
  job.putOn = vcpu;
  job.task.lastPut = vcpu;
}

/** P. A guest that does not know which of its VCPUs run puts its jobs on all of them. */
export function putBlindly(vm: Vm): void {
  if (vm.assignment !== "global-blind") return;
  const places = putJobs(vm, vm.vcpus);
  for (const vcpu of vm.vcpus) vcpu.put = places.get(vcpu) ?? null;
}

/** The job that is dispatched on the VCPU if it runs now; a guest that knows what runs decides only then. */
export function nextJob(server: Server): Job | null {
  return server.vm?.assignment === "global-blind" ? server.put : pickJob(server);
}

/** H, when the host has chosen: the jobs that run. */
export function giveJobs(choices: readonly Omit<Run, "job">[]): Run[] {
  const leaves = choices.map(({ path }) => path.at(-1)!);
  const given = new Map<Server, Job>();
  for (const vm of new Set(leaves.map((leaf) => leaf.vm))) {
    if (vm?.assignment !== "global-aware") continue;
    const running = vm.vcpus.filter((vcpu) => leaves.includes(vcpu));
    for (const [vcpu, job] of putJobs(vm, running)) given.set(vcpu, job);
  }
  return choices.map((choice, i) => {
    const leaf = leaves[i]!;
    if (leaf.vm?.assignment === "global-aware") return { ...choice, job: given.get(leaf) ?? null };
    const job = nextJob(leaf);
    if (job !== null && leaf.vm?.assignment === "partitioned") remember(leaf, job);
    return { ...choice, job };
  });
}
