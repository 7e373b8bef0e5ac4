// The page's side of its worker.

import type { Calls, Reply, Start } from "./worker.js";

/** What the worker refused; the message is for people. */
export class Refusal extends Error {}

export class Client {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private last = 0;

  /** @param script the text of the page's script, which is the worker's as well */
  constructor(
    private readonly script: string,
    private readonly start: Start,
  ) {}

  /** Makes the worker ready, which takes it a while: not before the map is drawn, which is to have the processor. */
  wake(): Worker {
    if (this.worker !== undefined) return this.worker;
    const address = URL.createObjectURL(new Blob([this.script], { type: "text/javascript" }));
    const worker = new Worker(address);
    worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    });
    worker.postMessage(this.start, [this.start.kernel]);
    this.worker = worker;
    return worker;
  }

  /** @throws Refusal */
  async ask<Name extends keyof Calls>(call: Name, ask: Calls[Name]["ask"]): Promise<Calls[Name]["answer"]> {
    const id = ++this.last;
    const reply = await new Promise<Reply>((resolve) => {
      this.waiting.set(id, resolve);
      this.wake().postMessage({ id, call, ask });
    });
    if (reply.problem !== undefined) throw new Refusal(reply.problem);
    return reply.answer as Calls[Name]["answer"];
  }
}
