import { expect, test } from 'vitest';
import { OtlpSender } from '../../../src/interchange/otlp/otlp-sender.js';
import { RunSpans } from '../../../src/interchange/otlp/run-spans.js';
import { gameDay } from '../../support/journal.js';
import { otlpCollector } from '../../support/otlp-collector.js';

function spansOfADay() {
  const spans = new RunSpans();
  const { events } = gameDay({ pace: 0.2, ratePerSecond: 20 });
  return [...events.flatMap((event) => spans.add(event)), ...spans.finish()];
}
const sender = (url: string) => new OtlpSender({ url: `${url}/v1/traces`, service: 'lab', version: '1.2.3' });

test('a collector gets every span as OTLP/JSON, with times, links and parents as they were made', async () => {
  const collector = await otlpCollector();
  const spans = spansOfADay();
  const sending = sender(collector.url);
  sending.send(spans);
  expect(await sending.close()).toEqual({ sent: spans.length, lost: 0, failure: undefined });
  expect(new Set(collector.paths)).toEqual(new Set(['/v1/traces']));
  expect(collector.service).toBe('lab');
  expect(collector.spans.map(({ spanId }) => spanId).sort()).toEqual(spans.map(({ spanId }) => spanId).sort());
  const root = collector.spans.find(({ name }) => name === 'run gray-failure');
  const made = spans.at(-1);
  expect(Number(root?.startTimeUnixNano) / 1e6).toBeCloseTo(made?.startWallMs ?? 0, 0);
  expect(root?.parentSpanId ?? '').toBe('');
  expect(root?.attributes).toContainEqual({ key: 'faultlab.environment', value: { stringValue: 'local' } });
});

test('what a collector refuses, or nobody hears, is counted and costs nothing else', async () => {
  const refusing = await otlpCollector({ status: 400 });
  const [span] = spansOfADay();
  for (const url of [refusing.url, 'http://127.0.0.1:9']) {
    const sending = sender(url);
    sending.send(span ? [span] : []);
    const { sent, lost, failure } = await sending.close();
    expect({ sent, lost }).toEqual({ sent: 0, lost: 1 });
    expect(failure).toMatch(/\w/);
  }
  expect(refusing.spans.length).toBe(1);
});
