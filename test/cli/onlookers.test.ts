/** A journal as a run writes it, followed by a receiver and a collector that are really there, and by ones that are not. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Onlookers } from '../../src/cli/onlookers.js';
import { hostClock } from '../../src/core/clock.js';
import { JournalWriter } from '../../src/journal/writer.js';
import { session } from '../support/cli.js';
import { forThisTest } from '../support/for-this-test.js';
import { nodeServer } from '../support/http-peers.js';
import { gameDayReport } from '../support/journal.js';
import { otlpCollector } from '../support/otlp-collector.js';

const report = gameDayReport({ pace: 0.2, ratePerSecond: 10, bad: true });

/** Writes a whole run into a journal that these follow; gives what was said and noted. */
async function followed(given: { webhook?: string[]; otlp?: string; env?: Record<string, string> }) {
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-onlookers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { context, said } = session();
  const notes: string[] = [];
  {
    await using onlookers = await Onlookers.open(context, {}, { env: {}, ...given });
    const journal = forThisTest(await JournalWriter.create(join(folder, 'journal.jsonl'), hostClock));
    onlookers.follow(journal);
    journal.onEvent((event) => {
      if (event.type === 'note' && event.by === 'faultlab') notes.push(event.text);
    });
    for (const { n: _n, ...event } of report.record.events) journal.append(event);
    onlookers.judged(report);
  }
  return { notes, said: said() };
}

test('a receiver hears of the start and of the verdict, and a collector gets the trace that the terminal names', async () => {
  const receiver = forThisTest(await nodeServer());
  const collector = await otlpCollector();
  const { notes, said } = await followed({ webhook: [`http://127.0.0.1:${receiver.port}/`], otlp: collector.url });
  expect(receiver.heard.map(({ body }) => (JSON.parse(body) as { kind: string }).kind)).toEqual(['start', 'verdict']);
  const root = collector.spans.find(({ name }) => name === 'run gray-failure');
  expect(root?.attributes).toContainEqual({ key: 'faultlab.verdict', value: { stringValue: 'fail' } });
  expect(said.out).toBe(`trace: ${root?.traceId} at ${new URL(collector.url).host}`);
  expect({ notes, warned: said.err }).toEqual({ notes: [], warned: '' });
});

test('those that are not there are noted in the journal and said, and the run goes its way', async () => {
  const { notes, said } = await followed({ webhook: ['slack=http://127.0.0.1:9/SECRET'], otlp: 'http://127.0.0.1:9' });
  expect(notes.some((note) => note.startsWith('webhook: 127.0.0.1:9 was not told of the start: '))).toBe(true);
  expect(said.err).toMatch(/webhook: 127\.0\.0\.1:9 was not told of the verdict/);
  expect(said.err).toMatch(/traces: 127\.0\.0\.1:9 did not get (\d+) of \1 spans/);
  expect(said.err).not.toContain('SECRET');
});

test('nobody follows unless somebody is named, and a misspelt one is refused before anything has started', async () => {
  expect(await followed({})).toEqual({ notes: [], said: { code: 0, out: '', err: '' } });
  await expect(followed({ webhook: ['hooks.example'] })).rejects.toThrow(/--webhook: expected an address/);
});
