/**
 * What somebody wants the system to be begun again with: the run ends as if he had seen enough, and the next one begins in the same daemon. Pure. What a
 * reader gets wrong: the wish is news of the run that ends, and holds on in the next one until that has come up.
 */
import type { LiveEvent, LiveGate, LiveRun } from '../../../../../src/control/live/contract.js';

export interface Wish {
  /** The run that ends for it. */
  run: string;
  by: string;
  inputs: Readonly<Record<string, string>>;
}

/** What is known of it now, after what was known before. `gates`: those that wait. */
export function wishAfter(
  before: Wish | undefined,
  { run, events, gates }: { run: LiveRun | null; events: readonly LiveEvent[]; gates: readonly LiveGate[] },
): Wish | undefined {
  if (run === null) return undefined;
  const closed = events.findLast((event) => event.type === 'gateClosed');
  if (closed?.inputs !== undefined) return { run: run.run, by: closed.by ?? '', inputs: closed.inputs };
  if (before === undefined || before.run === run.run) return undefined;
  const isUp = gates.some((gate) => gate.run === run.run) || run.ended !== null;
  return isUp ? undefined : before;
}

/** `fencing off and look on` */
export function wishText({ inputs }: Pick<Wish, 'inputs'>): string {
  return Object.entries(inputs)
    .map(([input, value]) => `${input} ${value}`)
    .join(' and ');
}
