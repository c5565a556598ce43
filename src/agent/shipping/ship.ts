/** Ships what a daemon observes during one run, from when the run begins here until it has let go, and first what an agent of before has left of it. */
import { join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import { reasonOf } from '../../core/errors.js';
import type { Daemon } from '../../dataplane/daemon.js';
import type { Orders } from '../../orchestrator/fleet/orders.js';
import { type Carry, carrierTo } from './carrier.js';
import { SegmentSender } from './segment-sender.js';
import { Segments } from './segments.js';
import { Shipper } from './shipper.js';

/** Whoever cannot be reached for so long after the end does not want it any more. */
const REST_WITHIN_MS = 120_000;

export interface ShipPorts {
  clock: Clock;
  daemon: Pick<Daemon, 'observations'>;
  /** Its name. */
  agent: string;
  say(line: string): void;
}

export interface Shipping {
  /** Ships the rest, for two minutes at most, and says what could not be shipped. */
  end(): Promise<void>;
}

/** Begins with what is observed from the call on; `folder` is the run's own on this host. Rejects where nothing can be kept there. */
export async function ship(
  { clock, daemon, agent, say }: ShipPorts,
  { run, ingest }: Pick<Orders, 'run' | 'ingest'>,
  folder: string,
): Promise<Shipping> {
  const after = daemon.observations.newest;
  if (ingest === undefined) return { end: async () => {} };
  const place = join(folder, 'observations');
  const streams = await Segments.left(place, { run, agent });
  // Names sort by when they began.
  const own = { run, agent, stream: `${Math.round(clock.wallMs())}-${process.pid}` };
  const segments = await Segments.open({ folder: place, stream: own });
  const carry = inTurn(carrierTo(ingest, clock));
  const onFailure = sayOnce(say);
  const left = await Promise.all(streams.map((stream) => Segments.open({ folder: place, stream })));
  const senders = left.map((old) => ({ kept: old, sender: new SegmentSender({ clock, segments: old, carry, onFailure }) }));
  const shipper = new Shipper({ clock, ring: daemon.observations, segments, carry, onFailure }, after);
  return {
    end: async () => {
      for (const { kept, sender } of [...senders, { kept: segments, sender: shipper }]) {
        const { leftBytes } = await sender.finish({ withinMs: REST_WITHIN_MS });
        if (leftBytes > 0) say(`${leftBytes} bytes of observations of run ${run} found nobody who took them`);
        await kept.removeAll();
      }
    },
  };
}

/** One at a time, in the order in which they were asked for. */
function inTurn(carry: Carry): Carry {
  let tail: Promise<void> = Promise.resolve();
  return (segment, signal) => {
    const carried = tail.then(() => carry(segment, signal));
    tail = carried.catch(() => {});
    return carried;
  };
}

/** The same failure over and over is said once. */
function sayOnce(say: (line: string) => void): (error: unknown) => void {
  let last = '';
  return (error) => {
    const reason = reasonOf(error);
    if (reason !== last) say(`observations wait: ${reason}`);
    last = reason;
  };
}
