// Requests of the panel, one at a time for each thing: while one is under way only the newest wish waits behind it, so that
// a held arrow key never builds up a queue. Does not know what is asked.

interface Slot {
  /** What was answered, or is being asked. */
  key: string;
  busy: boolean;
  next: { readonly key: string; readonly work: () => Promise<void> } | undefined;
}

export class Coalescer {
  readonly #slots = new Map<string, Slot>();
  readonly #chains = new Map<string, Promise<void>>();
  readonly #failed: (error: unknown) => void;
  #stopped = false;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** Does the work unless the same key was answered last, or is being asked now. */
  ask(what: string, key: string, work: () => Promise<void>): void {
    const slot = this.#slots.get(what) ?? { key: '', busy: false, next: undefined };
    this.#slots.set(what, slot);
    if (slot.busy) slot.next = slot.key === key ? undefined : { key, work };
    else if (slot.key !== key) void this.#run(slot, key, work);
  }

  /** Does all work in order: for what has an effect, where leaving one out would be wrong. */
  queue(what: string, work: () => Promise<void>): void {
    const before = this.#chains.get(what) ?? Promise.resolve();
    this.#chains.set(
      what,
      before.then(async () => {
        if (!this.#stopped) await work().catch((error: unknown) => this.#report(error));
      }),
    );
  }

  stop(): void {
    this.#stopped = true;
  }

  async #run(slot: Slot, key: string, work: () => Promise<void>): Promise<void> {
    slot.key = key;
    slot.busy = true;
    try {
      await work();
    } catch (error) {
      this.#report(error);
    }
    slot.busy = false;
    const { next } = slot;
    slot.next = undefined;
    if (next && !this.#stopped) await this.#run(slot, next.key, next.work);
  }

  #report(error: unknown): void {
    if (!this.#stopped) this.#failed(error);
  }
}
