/** Hands segments over, the oldest first and one at a time, for as long as it takes: a run that cannot be reached costs nothing but room on the disk. */
import { type Clock, sleep } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import type { Carry } from './carrier.js';
import type { Segments } from './segments.js';

/** After a failure; doubled with each further one in a row. */
const RETRY_MS = 100;
const RETRY_MS_MAX = 3_000;

export interface SenderPorts {
  clock: Clock;
  segments: Segments;
  carry: Carry;
  /** Told of each failure to hand over; it is tried again. */
  onFailure(error: unknown): void;
}

export class SegmentSender {
  readonly #ports: SenderPorts;
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;
  #isComplete = false;
  #wake: () => void = () => {};

  /** Begins at once. */
  constructor(ports: SenderPorts) {
    this.#ports = ports;
    this.#stop.signal.addEventListener('abort', () => this.#wake(), { once: true });
    this.#loop = this.#run();
  }

  /** There may be something to send. */
  look(): void {
    this.#wake();
  }

  /** Nothing will be added any more. Waits until all has been taken, or `withinMs` have passed; says how many bytes have not. */
  async finish({ withinMs }: { withinMs: number }): Promise<{ leftBytes: number }> {
    this.#isComplete = true;
    this.#wake();
    const late = this.#ports.clock.after(withinMs, () => this.#stop.abort());
    await this.#loop;
    late.cancel();
    return { leftBytes: this.#ports.segments.heldBytes };
  }

  async #run(): Promise<void> {
    const { segments } = this.#ports;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      if (segments.heldBytes > 0) {
        failures = (await this.#sendOldest()) ? 0 : failures + 1;
        if (failures > 0) await this.#pause(Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** (failures - 1)));
      } else if (this.#isComplete) return;
      else await this.#news();
    }
  }

  /** False: it is to be tried again. */
  async #sendOldest(): Promise<boolean> {
    const { segments, carry, onFailure } = this.#ports;
    try {
      const segment = await segments.oldest();
      if (segment === undefined) return true;
      await carry(segment, this.#stop.signal).catch((error: unknown) => {
        // Nobody will ever take it: the next ones are not to wait behind it, and its numbers tell of the loss.
        if (!(error instanceof LabError && error.code === 'REQUEST_INVALID')) throw error;
        onFailure(error);
      });
      await segments.remove(segment.batch);
      return true;
    } catch (error) {
      if (!this.#stop.signal.aborted) onFailure(error);
      return false;
    }
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #pause(ms: number): Promise<void> {
    await sleep(this.#ports.clock, ms, this.#stop.signal).catch(() => {});
  }
}
