/**
 * What several detectors make of the same heartbeats: whom they suspect now, how often they were mistaken, and how long a real death took them to notice. A reader
 * would get wrong what a mistake is: that only shows afterwards, when the one who was suspected goes on in the same life.
 */
import { detectors } from '../../verify/detectors/catalog.js';
import { type ChosenDetector, openWatch } from '../../verify/detectors/choice.js';

export interface Beat {
  /** Another one each time that the sender was started. */
  readonly life: string;
  readonly sequence: number;
}

export interface Opinion {
  readonly suspects: boolean;
  /** Suspicions of somebody who lived. */
  readonly mistakes: number;
  /** From the last heartbeat of a life that was over to the suspicion; the newest. */
  readonly noticedAfterMs: number | undefined;
}

export interface Tally {
  hear(beat: Beat, nowMs: number): void;
  /** To be called often: a suspicion is known to begin when it is looked at. */
  look(nowMs: number): void;
  opinions(): ReadonlyMap<string, Opinion>;
}

/** A detector of the catalog with its parameters as people write them, by the name under which it is told of. */
export type Candidates = Readonly<Record<string, ChosenDetector>>;

export function createTally(candidates: Candidates, startMs: number): Tally {
  const held = Object.entries(candidates).map(([name, { detector, params }]) => {
    const parsed = detectors.get(detector)?.schema.parse(params);
    return { name, ...openWatch({ detector, params: parsed }, startMs), ...NEW };
  });
  let last: { life: string; atMs: number } | undefined;

  const look = (nowMs: number): void => {
    // Before the first heartbeat there is nobody to suspect.
    if (last === undefined) return;
    for (const one of held) {
      const { suspected } = one.watch.status(nowMs);
      if (suspected && one.sinceSilentMs === undefined) one.sinceSilentMs = nowMs - last.atMs;
    }
  };

  return {
    look,
    hear: ({ life, sequence }, nowMs) => {
      look(nowMs);
      for (const one of held) {
        if (one.sinceSilentMs !== undefined) {
          if (life === last?.life) one.mistakes += 1;
          else one.noticedAfterMs = one.sinceSilentMs;
          one.sinceSilentMs = undefined;
        }
        one.watch.observe({ kind: 'heartbeat', sequence }, nowMs);
      }
      last = { life, atMs: nowMs };
    },
    opinions: () =>
      new Map(
        held.map(({ name, sinceSilentMs, mistakes, noticedAfterMs }) => [
          name,
          { suspects: sinceSilentMs !== undefined, mistakes, noticedAfterMs: sinceSilentMs ?? noticedAfterMs },
        ]),
      ),
  };
}

const NEW: { sinceSilentMs: number | undefined; mistakes: number; noticedAfterMs: number | undefined } = {
  sinceSilentMs: undefined,
  mistakes: 0,
  noticedAfterMs: undefined,
};

/** In a few words. */
export function opinionText({ suspects, mistakes, noticedAfterMs }: Opinion): string {
  const seconds = noticedAfterMs === undefined ? undefined : `${(noticedAfterMs / 1_000).toFixed(1)} s`;
  const now = suspects ? `suspects, after ${seconds}` : 'trusts';
  const mistaken = `${mistakes} ${mistakes === 1 ? 'mistake' : 'mistakes'}`;
  return [now, mistaken, ...(suspects || seconds === undefined ? [] : [`crash seen after ${seconds}`])].join(' · ');
}
