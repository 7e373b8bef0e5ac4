// The page's side of its worker.

import type { Calls, Reply, Start } from "./worker.js";

/** What the worker refused; the message is for people. */
export class Refusal extends Error {}

export class Client {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private last = 0;

  /** @param script the text of the page's script, which is the worker's as well */
  constructor(script: string, start: Start) {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    this.worker = new Worker(address);
    this.worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    });
    this.worker.postMessage(start, [start.kernel]);
  }

  /** @throws Refusal */
  async ask<Name extends keyof Calls>(call: Name, ask: Calls[Name]["ask"]): Promise<Calls[Name]["answer"]> {
    const id = ++this.last;
    const reply = await new Promise<Reply>((resolve) => {
      this.waiting.set(id, resolve);
      this.worker.postMessage({ id, call, ask });
    });
    if (reply.problem !== undefined) throw new Refusal(reply.problem);
    return reply.answer as Calls[Name]["answer"];
  }
}

/** Does one thing at a time; of what is asked for meanwhile only the last. */
export class Latest<Ask> {
  private isBusy = false;
  private next: { readonly ask: Ask } | undefined;

  constructor(private readonly work: (ask: Ask) => Promise<void>) {}

  request(ask: Ask): void {
    this.next = { ask };
    if (!this.isBusy) void this.go();
  }

  private async go(): Promise<void> {
    this.isBusy = true;
    try {
      while (this.next !== undefined) {
        const { ask } = this.next;
        this.next = undefined;
        await this.work(ask);
      }
    } finally {
      this.isBusy = false;
    }
  }
}
