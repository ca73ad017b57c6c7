// Waiting that can be ended: between tries, and for a try that stands still.

/** Waits. Throws the signal's reason when it is ended meanwhile. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, ms);
    if (signal?.aborted) end();
    else signal?.addEventListener("abort", end, { once: true });
  });
}

/** Ends what stands still for too long, or what its caller ends. */
export class Watchdog {
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  readonly #others: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether it was ended for standing still. */
  hasBitten = false;

  constructor(timeoutMs: number, others?: AbortSignal) {
    this.#timeoutMs = timeoutMs;
    this.#others = others;
    if (others?.aborted) this.#follow();
    else others?.addEventListener("abort", this.#follow, { once: true });
    this.moved();
  }

  /** For what is watched. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** It goes on: the time begins anew. */
  moved(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.hasBitten = true;
      this.#controller.abort();
    }, this.#timeoutMs);
  }

  /** There is nothing to be watched any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#others?.removeEventListener("abort", this.#follow);
  }

  readonly #follow = (): void => this.#controller.abort(this.#others?.reason);
}
