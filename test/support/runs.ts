// How many random cases a property is tried with: SOAK=20 means twenty times as many as usual.

const factor = Number(process.env.SOAK ?? "1");

export function runsOf(usual: number): number {
  return Math.ceil(usual * factor);
}
