// The unfinished jobs of one task. Their numbers follow each other, but for a task that follows another: where a job of that
// one was dropped, it has none of that number.

/** Memory grows with the gaps only. */
export class Backlog {
  count = 0;
  /** Stretches of numbers, the last of each not included. */
  private readonly stretches: [from: number, to: number][] = [];

  add(job: number): void {
    this.count++;
    const last = this.stretches.at(-1);
    if (last?.[1] === job) last[1]++;
    else this.stretches.push([job, job + 1]);
  }

  /** The oldest one leaves. */
  removeFirst(): void {
    this.count--;
    const [first] = this.stretches;
    if (++first[0] === first[1]) this.stretches.shift();
  }

  /** The numbers, the oldest first. */
  *jobs(): Generator<number> {
    for (const [from, to] of this.stretches) for (let job = from; job < to; job++) yield job;
  }

  /** Number of the oldest one. There is one. */
  get oldest(): number {
    return this.stretches[0][0];
  }
}
