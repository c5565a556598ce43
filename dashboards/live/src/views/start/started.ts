/** What became of the run that was started from a page, asked again while it goes on. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Started } from '../../../../../src/control/library/contract.js';
import { wait } from '../../wire/host.js';
import { ask } from '../../wire/request.js';

const ASKED_EVERY_MS = 1_000;

export const started = signal<Started | undefined>(undefined);
const asked = signal(0);

/** Somebody has started or stopped one. */
export function lookAgain(): void {
  asked.value += 1;
}

/** For as long as somebody looks. What cannot be had shows as nothing: the view beside it says why. */
export function useStarted(): Started | undefined {
  const times = asked.value;
  useEffect(() => {
    const over = new AbortController();
    void follow(over.signal);
    return () => over.abort();
  }, [times]);
  return started.value;
}

async function follow(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      started.value = await ask<Started>('/v1/plans/started', { signal });
    } catch {
      if (!signal.aborted) started.value = undefined;
    }
    if (started.value?.kind !== 'running') return;
    await wait(ASKED_EVERY_MS, signal);
  }
}
