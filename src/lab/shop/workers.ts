/**
 * A bounded number of workers and the queue in front of them: the capacity of a sample service. It is made of waiting, not of computing, so that an
 * overload of the samples is none of the machine. Who waits in vain matters most: work that is begun for somebody who has left is capacity lost.
 */
import assert from 'node:assert';
import type { Clock } from '../../core/clock.js';

export interface WorkersOptions {
  /** Requests that are worked on at a time. */
  readonly count: number;
  /** Requests that may wait; what comes then is turned away at once. */
  readonly queueMax: number;
  /** Whoever has waited for longer is turned away; left out: nobody is, however old. */
  readonly waitMsMax?: number;
  readonly clock: Clock;
}

/** `full`: there was no place to wait; `late`: its time was up; `left`: nobody waits for it any more. */
export type Refusal = 'full' | 'late' | 'left';

export type Worked<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'refused'; readonly why: Refusal };

export interface Workers {
  /** First come, first served. `left` aborts when the caller has left; a job that has begun is carried to its end. Rejects with what the job throws. */
  work<T>(job: () => Promise<T>, left?: AbortSignal): Promise<Worked<T>>;
}

type Begin = () => void;

export function createWorkers({ count, queueMax, waitMsMax, clock }: WorkersOptions): Workers {
  assert(count >= 1, 'somebody has to work');
  const waiting = new Set<Begin>();
  let busy = 0;

  const turn = (left: AbortSignal | undefined): Promise<Refusal | 'mine'> =>
    new Promise((resolve) => {
      const settle = (outcome: Refusal | 'mine'): void => {
        waiting.delete(begin);
        timer?.cancel();
        left?.removeEventListener('abort', leave);
        resolve(outcome);
      };
      const begin = (): void => settle('mine');
      const leave = (): void => settle('left');
      const timer = waitMsMax === undefined ? undefined : clock.after(waitMsMax, () => settle('late'));
      left?.addEventListener('abort', leave, { once: true });
      waiting.add(begin);
    });

  /** The place goes to the next in the queue, or is free. */
  const release = (): void => {
    const [next] = waiting;
    if (next === undefined) busy -= 1;
    else next();
  };

  return {
    work: async (job, left) => {
      if (left?.aborted) return { kind: 'refused', why: 'left' };
      if (busy < count) busy += 1;
      else {
        if (waiting.size >= queueMax) return { kind: 'refused', why: 'full' };
        const outcome = await turn(left);
        if (outcome !== 'mine') return { kind: 'refused', why: outcome };
      }
      try {
        return { kind: 'done', value: await job() };
      } finally {
        release();
      }
    },
  };
}
