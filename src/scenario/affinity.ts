// The CPUs that a VCPU may have, as two numbers of 32 bits each.

import * as abi from "../../assembly/abi.js";

/** Writes a set of CPUs, each 0 to 63, into the record at `at`; undefined is refused. */
export function writeAffinity(flat: Float64Array, at: number, cpus: readonly number[] | undefined): void {
  const [low, high] = cpus === undefined ? [Number.NaN, Number.NaN] : halves(cpus);
  flat[at + abi.IN_SERVER_AFFINITY_LOW] = low;
  flat[at + abi.IN_SERVER_AFFINITY_HIGH] = high;
}

function halves(cpus: readonly number[]): [number, number] {
  const half = (first: number) =>
    cpus.filter((cpu) => cpu >= first && cpu < first + 32).reduce((bits, cpu) => bits + 2 ** (cpu - first), 0);
  return [half(0), half(32)];
}

/** The CPUs of the record at `at`, by number; undefined where none are said, or they were refused. */
export function affinityOf(flat: Float64Array, at: number): number[] | undefined {
  const [low, high] = [flat[at + abi.IN_SERVER_AFFINITY_LOW], flat[at + abi.IN_SERVER_AFFINITY_HIGH]];
  if (!(low >= 0)) return undefined;
  const all = BigInt(low) | (BigInt(high) << 32n);
  return Array.from({ length: abi.CPUS_MAX }, (_, cpu) => cpu).filter((cpu) => ((all >> BigInt(cpu)) & 1n) === 1n);
}
