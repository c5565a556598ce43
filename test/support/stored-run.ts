/** A run folder as a run leaves it, made of a synthetic journal. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEvent } from '../../src/journal/events.js';
import { RunFolder } from '../../src/journal/store.js';

export const RUN = '20261121T090000Z-stored-abc123';

const plan = {
  title: 'stored',
  file: 'stored.yaml',
  environment: 'local',
  seed: 1,
  inputs: {},
  services: [],
  links: [],
  probes: [],
  steps: [
    {
      name: 's',
      kind: 'fault',
      startAfter: [],
      fault: { type: 'abort', performs: 'abort', links: ['a->b'], instances: ['b'], durationMs: 10, minMatched: 1, summary: 'abort' },
    },
  ],
  checks: [{ name: 's-was-felt', check: 'faultWasFelt', severity: 'fail', params: { step: 's', minMatched: 1 } }],
};

/** `matched`: how many requests met the fault; none makes the run inconclusive. */
export async function storedRun({ matched }: { matched: number }): Promise<{ out: string; folder: RunFolder } & AsyncDisposable> {
  const out = await mkdtemp(join(tmpdir(), 'stored-run-'));
  const folder = new RunFolder(out, RUN);
  await folder.create();
  const events = [
    { type: 'runStarted', run: RUN, epoch: 1, version: '1', wallMs: 0, plan },
    { type: 'faultApplied', fault: `${RUN}/s`, step: 's' },
    { type: 'faultEnded', fault: `${RUN}/s`, step: 's', reason: 'duration', matched, applied: matched, skipped: 0 },
    { type: 'runEnded', status: 'completed', steadyState: 'unchecked', cleanup: 'confirmed' },
  ].map((event, i) => ({ n: i + 1, atMs: 1_000 + i, ...event }) as unknown as JournalEvent);
  await writeFile(folder.journal, `${events.map((event) => JSON.stringify(event)).join('\n')}\n`);
  return { out, folder, [Symbol.asyncDispose]: () => rm(out, { recursive: true }) };
}
