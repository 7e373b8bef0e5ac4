// When the page does what it is asked for again and again while somebody drags a slider.

/** Does one thing at a time, or a few; of what is asked for meanwhile only the last. */
export class Latest<Ask> {
  private busy = 0;
  private next: { readonly ask: Ask } | undefined;

  /** @param most that are done at a time */
  constructor(
    private readonly work: (ask: Ask) => Promise<void>,
    private readonly most = 1,
  ) {}

  request(ask: Ask): void {
    this.next = { ask };
    if (this.busy < this.most) void this.go();
  }

  private async go(): Promise<void> {
    this.busy++;
    try {
      while (this.next !== undefined) {
        const { ask } = this.next;
        this.next = undefined;
        await this.work(ask);
      }
    } finally {
      this.busy--;
    }
  }
}

/** Does something before the next frame is drawn; of what is asked for until then only the last. */
export class OnceAFrame<Ask> {
  private next: { readonly ask: Ask } | undefined;

  constructor(private readonly work: (ask: Ask) => void) {}

  request(ask: Ask): void {
    const isFirst = this.next === undefined;
    this.next = { ask };
    if (!isFirst) return;
    requestAnimationFrame(() => {
      const next = this.next!;
      this.next = undefined;
      this.work(next.ask);
    });
  }
}

/** Long enough that nobody who drags a slider comes to rest in between, short enough not to be waited for. */
const REST_MS = 250;

/** Does something when it has not been asked for any more for a while. */
export class AtRest {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly work: () => void) {}

  request(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.work, REST_MS);
  }

  /** Does it not, or not any more: it was done otherwise. */
  cancel(): void {
    clearTimeout(this.timer);
  }
}
