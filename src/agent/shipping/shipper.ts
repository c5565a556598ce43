/**
 * Brings what an agent observes to its run: from the daemon's ring to the disk as soon as it is there, and from the disk to the run as soon as somebody takes it. What
 * there was no room for, at either place, is a gap in the numbers.
 */
import { sleep } from '../../core/clock.js';
import type { ObservationRing } from '../../dataplane/observation-ring.js';
import { BATCH_OBSERVATIONS_MAX } from '../../orchestrator/fleet/batch.js';
import { isShipped } from '../../orchestrator/fleet/read-observation.js';
import { SegmentSender, type SenderPorts } from './segment-sender.js';

const WAIT_MS = 1_000;
/** Between two batches: each costs about as much as a hundred observations in it, on a host that has other things to do. */
const PACE_MS = 250;

export interface ShipperPorts extends SenderPorts {
  ring: Pick<ObservationRing, 'readOrWait'>;
}

export class Shipper implements AsyncDisposable {
  readonly #ports: ShipperPorts;
  readonly #noMore = new AbortController();
  readonly #sender: SegmentSender;
  readonly #recording: Promise<void>;
  #after: number;

  /** Begins at once, after the observation of that number. */
  constructor(ports: ShipperPorts, after: number) {
    this.#ports = ports;
    this.#after = after;
    this.#sender = new SegmentSender(ports);
    this.#recording = this.#record();
  }

  /** Records what is still there, and waits until all of it has been taken, or `withinMs` have passed; says how many bytes have not. */
  async finish({ withinMs }: { withinMs: number }): Promise<{ leftBytes: number }> {
    this.#noMore.abort();
    await this.#recording;
    return this.#sender.finish({ withinMs });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.finish({ withinMs: 0 });
  }

  async #record(): Promise<void> {
    const { clock, segments, onFailure } = this.#ports;
    const { signal } = this.#noMore;
    while (!signal.aborted) {
      if (await this.#recordPage({ waitMs: WAIT_MS, signal })) await sleep(clock, PACE_MS, signal).catch(() => {});
    }
    while (await this.#recordPage({ waitMs: 0 })) {
      // Pages that came before the end.
    }
    await segments.add([], { isLast: true }).catch(onFailure);
  }

  /** False: there was nothing. */
  async #recordPage(given: { waitMs: number; signal?: AbortSignal }): Promise<boolean> {
    const { ring, segments, onFailure } = this.#ports;
    const page = await ring.readOrWait({ after: this.#after, max: BATCH_OBSERVATIONS_MAX, ...given });
    this.#after = page.next;
    segments.skip(page.lost);
    const shipped = page.observations.filter(isShipped);
    // A disk that takes nothing loses them, and the numbers say so.
    if (shipped.length > 0) await segments.add(shipped).catch(onFailure);
    this.#sender.look();
    return page.observations.length > 0;
  }
}
