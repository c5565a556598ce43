/** Ships what a daemon observes during one run, from when the run begins here until it has let go, and first what an agent of before has left of it. */
import { join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import { LabError, reasonOf } from '../../core/errors.js';
import type { Daemon } from '../../dataplane/daemon.js';
import type { Orders } from '../../orchestrator/fleet/orders.js';
import { type Carry, carrierTo, wayTo } from './carrier.js';
import { SegmentSender } from './segment-sender.js';
import { Segments } from './segments.js';
import { Shipper } from './shipper.js';

/** Whoever cannot be reached for so long after the end does not want it any more. */
const REST_WITHIN_MS = 120_000;
/** The run waits twice as long for the first that it is told. */
const OPEN_WITHIN_MS = 5_000;

export interface ShipPorts {
  clock: Clock;
  daemon: Pick<Daemon, 'observations'>;
  /** Its name. */
  agent: string;
  /** On disk, of what waits: see `SEGMENT_BYTES_MAX`, which it is if omitted. */
  bytesMax?: number | undefined;
  say(line: string): void;
}

export interface Shipping {
  /** Names of what it ships, for whoever has to look for it. */
  readonly streams: readonly string[];
  /** Settles when the first has been taken, or in five seconds. Rejects with what kept it from being taken. */
  readonly opened: Promise<void>;
  /** Ships the rest, for two minutes at most, and says what could not be shipped. */
  end(): Promise<void>;
}

/** Begins with what is observed from the call on; `folder` is the run's own on this host. Rejects where nothing can be kept there. */
export async function ship(
  { clock, daemon, agent, bytesMax, say }: ShipPorts,
  { run, ingest }: Pick<Orders, 'run' | 'ingest'>,
  folder: string,
): Promise<Shipping> {
  const after = daemon.observations.newest;
  if (ingest === undefined) return { streams: [], opened: Promise.resolve(), end: async () => {} };
  const place = join(folder, 'observations');
  const streams = await Segments.left(place, { run, agent });
  // Names sort by when they began.
  const own = { run, agent, stream: `${Math.round(clock.wallMs())}-${process.pid}` };
  const segments = await Segments.open({ folder: place, stream: own, bytesMax });
  // One with nothing in it shows whether the way is open, before anything depends on it.
  await segments.add([]);
  const { carry, opened } = opening(inTurn(carrierTo(ingest, clock)), { clock, agent, url: ingest.url });
  const onFailure = sayOnce(say);
  const left = await Promise.all(streams.map((stream) => Segments.open({ folder: place, stream })));
  const senders = left.map((old) => ({ kept: old, sender: new SegmentSender({ clock, segments: old, carry, onFailure }) }));
  const shipper = new Shipper({ clock, ring: daemon.observations, segments, carry, onFailure }, after);
  return {
    streams: [...streams.map(({ stream }) => stream), own.stream],
    opened,
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

/** Looks on until the first has been taken. */
function opening(
  carry: Carry,
  { clock, agent, url }: { clock: Clock; agent: string; url: string },
): { carry: Carry; opened: Promise<void> } {
  let open = (): void => {};
  let reason = 'nobody answers';
  const opened = new Promise<void>((resolve, reject) => {
    const giveUp = (): void => reject(new LabError('OBSERVATIONS_STUCK', { agents: agent, way: wayTo(url), reason }));
    const late = clock.after(OPEN_WITHIN_MS, giveUp);
    open = () => {
      late.cancel();
      resolve();
    };
  });
  // Whoever does not wait for it need not hear of it.
  opened.catch(() => {});
  const observed: Carry = async (segment, signal) => {
    try {
      await carry(segment, signal);
      open();
    } catch (error) {
      reason = reasonOf(error);
      throw error;
    }
  };
  return { carry: observed, opened };
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
