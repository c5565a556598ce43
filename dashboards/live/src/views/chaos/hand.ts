/**
 * Chaos by hand as this page does it: every act goes to `/v1/hand`, and what it put on it renews for as long as it is open. So a page that is closed, or was
 * forgotten in the background until its timers sleep, takes its faults with it.
 */
import { computed, effect, signal } from '@preact/signals';
import { handFaultsOf, refusalOf } from '../../state/hand-faults.js';
import { events, faultsOn, plan, run } from '../../state/live.js';
import { personName } from '../../state/person.js';
import { ask } from '../../wire/request.js';
import { type Act, type HandSpec, inverseOf, withAct } from './acts.js';

/** A third of a fault's lease. */
const RENEW_EVERY_MS = 3_000;
const LEASE = '10s';

/** Put on by this page, by id, for as long as they are to be on. */
const held = new Map<string, HandSpec>();
/** Ever put on by this page. */
const asked = signal<ReadonlySet<string>>(new Set());

export const handFaults = computed(() => handFaultsOf(faultsOn.value, events.value));
/** What can be taken back, the newest last. */
export const acts = signal<readonly Act[]>([]);
/** Why the last act failed; undefined if it did not. */
export const failure = signal<unknown>(undefined);
/** Why the run refused what was asked of it. */
export const refusal = computed(() => refusalOf(events.value, asked.value));

/** Why nothing can be put on now; undefined if it can. */
export const whyNot = computed(() => (plan.value?.isDry ? 'this run is a rehearsal, in which nothing is changed' : undefined));

/** Without `randomUUID`, which browsers have on loopback and on https alone. */
export function newId(type: string): string {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
  return `hand-${type}-${number.toString(16).padStart(8, '0')}`;
}

/** Each of these says in `failure` what went wrong, and then was not done. */
export const put = (faults: readonly HandSpec[]): Promise<void> => attempt(async () => remember(await putNow(faults)));
export const end = (id: string): Promise<void> => attempt(async () => remember(await endNow(id)));
export const change = (id: string, fromPercentage: number, toPercentage: number): Promise<void> =>
  attempt(async () => remember(await changeNow({ kind: 'change', id, fromPercentage, toPercentage })));

/** Takes the newest act back. */
export function undo(): Promise<void> {
  return attempt(async () => {
    const newest = acts.value.at(-1);
    if (newest === undefined) return;
    const inverse = inverseOf(newest);
    if (inverse.kind === 'put') await putNow(inverse.faults.map((fault) => ({ ...fault, id: newId(fault.type) })));
    else if (inverse.kind === 'change') await changeNow(inverse);
    else if (inverse.kind === 'endAll') for (const id of inverse.ids) await endNow(id);
    acts.value = acts.value.slice(0, -1);
  });
}

async function attempt(act: () => Promise<void>): Promise<void> {
  failure.value = undefined;
  await act().catch((error: unknown) => {
    failure.value = error;
  });
}

function remember(act: Act | undefined): void {
  if (act !== undefined) acts.value = withAct(acts.value, act);
}

async function putNow(faults: readonly HandSpec[]): Promise<Act> {
  const by = personName.value === '' ? 'somebody at the page' : personName.value;
  await ask('/v1/hand', { method: 'POST', body: { by, faults: faults.map((fault) => ({ ...fault, lease: LEASE })) } });
  for (const fault of faults) held.set(fault.id, fault);
  asked.value = new Set([...asked.value, ...faults.map(({ id }) => id)]);
  return { kind: 'put', faults };
}

/** Undefined where it is not known how it could be put on again: somebody else did. */
async function endNow(id: string): Promise<Act | undefined> {
  await ask(`/v1/hand/${encodeURIComponent(id)}`, { method: 'DELETE' });
  const fault = held.get(id);
  held.delete(id);
  return fault === undefined ? undefined : { kind: 'end', fault };
}

async function changeNow(act: Extract<Act, { kind: 'change' }>): Promise<Act> {
  const { id, toPercentage: percentage } = act;
  await ask(`/v1/hand/${encodeURIComponent(id)}`, { method: 'PATCH', body: { percentage } });
  const fault = held.get(id);
  if (fault !== undefined) held.set(id, { ...fault, percentage });
  return act;
}

/** For as long as the page is open. What is gone, by whatever way, is let go of. */
export function keepRenewing(): void {
  // What was done to a run that is over is healed, and cannot be taken back in the next.
  const runNow = computed(() => run.value?.run);
  effect(() => {
    if (runNow.value === undefined) return;
    acts.value = [];
    failure.value = undefined;
  });
  setInterval(() => {
    const faults = [...held.keys()];
    if (faults.length === 0) return;
    ask<{ gone: readonly string[] }>('/v1/hand/renew', { method: 'POST', body: { faults } })
      .then(({ gone }) => {
        for (const id of gone) held.delete(id);
      })
      // A daemon that does not answer ends them itself, and the page says elsewhere that it is out of touch.
      .catch(() => {});
  }, RENEW_EVERY_MS);
}
