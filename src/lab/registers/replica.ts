/** What one node keeps: of each register the value with the newest stamp. An older one that comes later is dropped without a word, which is what "last write wins" means. */
import { forgetOldest } from '../forget-oldest.js';
import { compareStamps, readStamp, type Stamp } from './hybrid-clock.js';

export interface Versioned {
  readonly value: string;
  readonly stamp: Stamp;
}

export interface Replica {
  get(key: string): Versioned | undefined;
  /** False: something newer was there already. */
  put(key: string, versioned: Versioned): boolean;
}

/** The register that was made first is forgotten first. */
const KEYS_MAX = 10_000;

export function createReplica(): Replica {
  const registers = new Map<string, Versioned>();
  return {
    get: (key) => registers.get(key),
    put: (key, versioned) => {
      const known = registers.get(key);
      if (known !== undefined && compareStamps(known.stamp, versioned.stamp) > 0) return false;
      registers.set(key, versioned);
      forgetOldest(registers, KEYS_MAX);
      return true;
    },
  };
}

/** The one with the newest stamp; undefined where there is none. */
export function newestOf(all: readonly (Versioned | undefined)[]): Versioned | undefined {
  return all.reduce(
    (newest, one) => (newest === undefined || (one !== undefined && compareStamps(one.stamp, newest.stamp) > 0) ? one : newest),
    undefined,
  );
}

/** What came over the wire as a value with its stamp, if it is one. */
export function readVersioned({ value, stamp }: Readonly<Record<string, unknown>>): Versioned | undefined {
  const read = readStamp(stamp);
  return typeof value === 'string' && read !== undefined ? { value, stamp: read } : undefined;
}
