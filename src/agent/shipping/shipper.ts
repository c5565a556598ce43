/**
 * Brings what an agent observes to its run: from the daemon's ring to the disk as soon as it is there, and from the disk to the run as soon as somebody takes it. The
 * two go on by themselves, so a run that cannot be reached for a minute costs nothing but room on the disk.
 */
import { type Clock, sleep } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import type { ObservationRing } from '../../dataplane/observation-ring.js';
import { BATCH_OBSERVATIONS_MAX } from '../../orchestrator/fleet/batch.js';
import { isShipped } from '../../orchestrator/fleet/read-observation.js';
import type { Carry } from './carrier.js';
import type { Segments } from './segments.js';

const WAIT_MS = 1_000;
/** After a failure; doubled with each further one in a row. */
const RETRY_MS = 100;
const RETRY_MS_MAX = 3_000;

export interface ShipperPorts {
  clock: Clock;
  ring: Pick<ObservationRing, 'readOrWait'>;
  segments: Segments;
  carry: Carry;
  /** Told of each failure to hand over; it is tried again. */
  onFailure(error: unknown): void;
}

export class Shipper implements AsyncDisposable {
  readonly #ports: ShipperPorts;
  readonly #noMore = new AbortController();
  readonly #stop = new AbortController();
  readonly #recording: Promise<void>;
  readonly #sending: Promise<void>;
  #hasRecordedAll = false;
  #wake: () => void = () => {};
  #after: number;

  /** Begins at once, after the observation of that number. */
  constructor(ports: ShipperPorts, after: number) {
    this.#ports = ports;
    this.#after = after;
    this.#recording = this.#record();
    this.#sending = this.#send();
  }

  /** Records what is still there, and waits until all of it has been taken, or `withinMs` have passed; says how many bytes have not. */
  async finish({ withinMs }: { withinMs: number }): Promise<{ leftBytes: number }> {
    const { clock, segments } = this.#ports;
    this.#noMore.abort();
    await this.#recording;
    const late = clock.after(withinMs, () => this.#stop.abort());
    await this.#sending;
    late.cancel();
    return { leftBytes: segments.heldBytes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.finish({ withinMs: 0 });
  }

  async #record(): Promise<void> {
    const { segments } = this.#ports;
    const { signal } = this.#noMore;
    while (!signal.aborted) await this.#recordPage({ waitMs: WAIT_MS, signal });
    while (await this.#recordPage({ waitMs: 0 })) {
      // Pages that came before the end.
    }
    await segments.add([], { isLast: true }).catch((error: unknown) => this.#ports.onFailure(error));
    this.#hasRecordedAll = true;
    this.#wake();
  }

  /** False: there was nothing. */
  async #recordPage(given: { waitMs: number; signal?: AbortSignal }): Promise<boolean> {
    const { ring, segments, onFailure } = this.#ports;
    const page = await ring.readOrWait({ after: this.#after, max: BATCH_OBSERVATIONS_MAX, ...given });
    this.#after = page.next;
    segments.skip(page.lost);
    const shipped = page.observations.filter(isShipped);
    if (shipped.length === 0) return page.observations.length > 0;
    // A disk that takes nothing loses them, and says so by their numbers.
    await segments.add(shipped).catch((error: unknown) => onFailure(error));
    this.#wake();
    return true;
  }

  async #send(): Promise<void> {
    const { segments } = this.#ports;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      const news = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const isIdle = segments.heldBytes === 0;
      if (isIdle && this.#hasRecordedAll) return;
      if (isIdle) await Promise.race([news, stopped(this.#stop.signal)]);
      else failures = (await this.#sendOldest()) ? 0 : failures + 1;
      if (failures > 0) await this.#pause(Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** (failures - 1)));
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

  async #pause(ms: number): Promise<void> {
    await sleep(this.#ports.clock, ms, this.#stop.signal).catch(() => {});
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
