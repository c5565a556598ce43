/**
 * How much an instance of the shop can do, from its switches: `--workers N` at a time, each for about `--service-ms N`. With `--shedding on` no more
 * than `--queue N` wait, none for long, and none that has left; off, all wait until `--memory N` are there, and then the process dies of them.
 */
import type { Clock } from '../../core/clock.js';
import type { ProgramInput } from '../program.js';
import { readCount, readSwitch } from '../switches.js';
import { serviceTimeAround, serviceTimeMs } from './service-time.js';
import { createWorkers, type Worked } from './workers.js';

const UNLIMITED = 'unlimited';

/** For `readFlags`, beside a program's own. */
export const CAPACITY_FLAGS = {
  workers: { type: 'string', default: UNLIMITED },
  'service-ms': { type: 'string', default: '' },
  shedding: { type: 'string', default: 'on' },
  queue: { type: 'string', default: '20' },
  memory: { type: 'string', default: '10000' },
} as const;

/**
 * With shedding on, nobody waits longer to be begun: well below what callers are ready to wait. To drop those who have left is not enough: in a long queue
 * those come next who are about to leave, and leave while they are worked on.
 */
const WAIT_MS_MAX = 500;

export interface Capacity {
  /** Whether work for somebody who has left is dropped. */
  readonly shedding: boolean;
  /** How long the work on a key takes, in ms. */
  timeMs(key: string): number;
  /** Does it, when there is somebody to do it. Rejects with what the job throws. */
  work<T>(job: () => Promise<T>, left: AbortSignal): Promise<Worked<T>>;
}

type CapacityFlags = Readonly<Record<keyof typeof CAPACITY_FLAGS, string>>;

/** Throws USAGE on a value that is none. */
export function readCapacity(flags: CapacityFlags, { clock, die }: { clock: Clock; die: ProgramInput['die'] }): Capacity {
  const shedding = readSwitch('shedding', flags.shedding);
  const base = { shedding, timeMs: readServiceTime(flags['service-ms']) };
  if (flags.workers === UNLIMITED) return { ...base, work: async (job) => ({ kind: 'done', value: await job() }) };
  const count = readCount('workers', flags.workers);
  if (shedding) {
    const workers = createWorkers({ count, queueMax: readCount('queue', flags.queue), waitMsMax: WAIT_MS_MAX, clock });
    return { ...base, work: (job, left) => workers.work(job, left) };
  }
  const queueMax = readCount('memory', flags.memory);
  const workers = createWorkers({ count, queueMax, clock });
  return {
    ...base,
    work: async (job) => {
      const worked = await workers.work(job);
      if (worked.kind === 'refused') die(`out of memory: ${queueMax} requests wait`);
      return worked;
    },
  };
}

function readServiceTime(text: string): Capacity['timeMs'] {
  if (text === '') return serviceTimeMs;
  const meanMs = readCount('service-ms', text);
  return (key) => serviceTimeAround(meanMs, key);
}
