/**
 * Reads and writes registers that several nodes keep, on behalf of whoever asks this one. With a quorum every read and write meets more than half of the nodes, and a read makes
 * sure that they all have what it answers (Attiya, Bar-Noy and Dolev); without, a node answers for itself and tells the others when it can. What orders writes is their stamp.
 */
import { majorityOf } from '../majority.js';
import { compareStamps, type HybridClock, type Stamp } from './hybrid-clock.js';
import { newestOf, type Replica, type Versioned } from './replica.js';

/** Another node. Neither rejects. */
export interface RegisterPeer {
  /** Null where it has none; undefined where it did not answer. */
  fetch(key: string): Promise<Versioned | null | undefined>;
  /** Whether it has it now, or something newer. */
  store(key: string, versioned: Versioned): Promise<boolean>;
}

export interface CoordinatorOptions {
  readonly name: string;
  readonly replica: Replica;
  readonly peers: readonly RegisterPeer[];
  /** More than half of the nodes have a part in whatever is done. */
  readonly quorum: boolean;
  /** Undefined: writes are stamped with the wall clock of this node. */
  readonly hybrid: HybridClock | undefined;
  readonly wallMs: () => number;
}

/** `undecided`: too few answered, so it may be done or not. `overruled`: it is done, and nobody will ever read it, because something with a later stamp was there. */
export type WriteOutcome = 'done' | 'undecided' | 'overruled';
export type ReadOutcome = { readonly kind: 'told'; readonly value: string | null } | { readonly kind: 'undecided' };

export interface Coordinator {
  write(key: string, value: string): Promise<WriteOutcome>;
  read(key: string): Promise<ReadOutcome>;
}

export function createCoordinator(options: CoordinatorOptions): Coordinator {
  const { replica, quorum } = options;
  return {
    write: async (key, value) => {
      // A clock that hears what was written before puts its own stamp behind that.
      if (quorum && options.hybrid !== undefined) {
        const known = await fetchFromMost(options, key);
        if (known === undefined) return 'undecided';
        const newest = newestOf(known);
        if (newest !== undefined) options.hybrid.hear(newest.stamp);
      }
      const versioned = { value, stamp: stampOf(options) };
      const newest = newestOf([replica.get(key), versioned]);
      const stored = storeEverywhere(options, key, versioned);
      if (quorum && !(await stored)) return 'undecided';
      return newest === versioned ? 'done' : 'overruled';
    },
    read: async (key) => {
      if (!quorum) return { kind: 'told', value: replica.get(key)?.value ?? null };
      const known = await fetchFromMost(options, key);
      if (known === undefined) return { kind: 'undecided' };
      const newest = newestOf(known);
      if (newest === undefined) return { kind: 'told', value: null };
      // Whoever asks next may meet others: what one was told, nobody may miss afterwards.
      const isEverywhere = known.every((one) => one !== undefined && compareStamps(one.stamp, newest.stamp) === 0);
      if (!isEverywhere && !(await storeEverywhere(options, key, newest))) return { kind: 'undecided' };
      return { kind: 'told', value: newest.value };
    },
  };
}

function stampOf({ name, hybrid, wallMs }: CoordinatorOptions): Stamp {
  return hybrid?.tick(wallMs()) ?? { wallMs: wallMs(), count: 0, node: name };
}

/** What more than half of the nodes have, this one among them; undefined where too few answer. */
async function fetchFromMost({ replica, peers }: CoordinatorOptions, key: string): Promise<readonly (Versioned | undefined)[] | undefined> {
  const needed = majorityOf(peers.length + 1) - 1;
  const answers = await firstFew(
    peers.map((peer) => peer.fetch(key)),
    needed,
    (answer) => answer !== undefined,
  );
  return answers.length < needed ? undefined : [replica.get(key), ...answers.map((answer) => answer ?? undefined)];
}

/** Whether more than half of the nodes have it, this one among them; the others are told as well. */
async function storeEverywhere({ replica, peers }: CoordinatorOptions, key: string, versioned: Versioned): Promise<boolean> {
  replica.put(key, versioned);
  const needed = majorityOf(peers.length + 1) - 1;
  const stored = await firstFew(
    peers.map((peer) => peer.store(key, versioned)),
    needed,
    (isStored) => isStored,
  );
  return stored.length >= needed;
}

/** The first so many that count, as soon as they are there; fewer when all have answered. None of the promises may reject. */
export function firstFew<T>(promises: readonly Promise<T>[], count: number, counts: (value: T) => boolean): Promise<readonly T[]> {
  return new Promise((resolve) => {
    const found: T[] = [];
    let open = promises.length;
    if (count <= 0 || open === 0) resolve(found);
    for (const promise of promises) {
      void promise.then((value) => {
        open -= 1;
        if (counts(value) && found.length < count) found.push(value);
        if (found.length >= count || open === 0) resolve(found);
      });
    }
  });
}
