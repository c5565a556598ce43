import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/journal/events.js';
import { foldJournal } from '../../src/journal/record.js';
import { flowsOf } from '../../src/reports/flow.js';
import { gameDay } from '../support/journal.js';

const day = gameDay({ ratePerSecond: 12, pace: 0.2 });

/** The journal with one exchange changed. */
function withExchange(change: Partial<Extract<JournalEvent, { type: 'exchange' }>>): readonly JournalEvent[] {
  const at = day.events.findIndex((e) => e.type === 'exchange' && e.to === 'payments-1');
  return day.events.map((e, i) => (i === at && e.type === 'exchange' ? { ...e, ...change } : e));
}

function failuresOf(events: readonly JournalEvent[]): number {
  const flow = flowsOf(foldJournal(events)).find((f) => f.to === 'payments');
  return flow?.samples.filter((s) => s.failed).length ?? Number.NaN;
}

describe('flows', () => {
  it('put the front door first and then each pair of services', () => {
    expect(flowsOf(foldJournal(day.events)).map((f) => `${f.from} → ${f.to}`)).toEqual([
      'load → gateway',
      'gateway → inventory',
      'gateway → payments',
    ]);
  });

  it('split by instance what they hold, and nothing else', () => {
    const inventory = flowsOf(foldJournal(day.events)).find((f) => f.to === 'inventory');
    expect(inventory?.instances.map((i) => i.instance)).toEqual([1, 2, 3, 4, 5].map((i) => `inventory-${i}`));
    expect(inventory?.instances.reduce((sum, i) => sum + i.samples.length, 0)).toBe(inventory?.samples.length);
  });

  it('leave health checks out and say how many', () => {
    const inventory = flowsOf(foldJournal(day.events)).find((f) => f.to === 'inventory');
    const data = day.events.filter((e) => e.type === 'exchange' && e.to.startsWith('inventory') && e.path.startsWith('/stock'));
    expect(inventory?.samples.length).toBe(data.length);
    expect(inventory?.probeRequests).toBeGreaterThan(0);
  });

  it('show a pair of services that carried nothing', () => {
    const silent = foldJournal(day.events.filter((e) => e.type !== 'exchange'));
    expect(flowsOf(silent).map((f) => f.samples.length)).toEqual([0, 0, 0]);
  });

  it('count a cut answer as an error, but neither a tunnel nor our own closing', () => {
    const before = failuresOf(withExchange({ status: 200, end: 'complete' }));
    expect(failuresOf(withExchange({ status: 200, end: 'upstreamReset' }))).toBe(before + 1);
    expect(failuresOf(withExchange({ status: 500, end: 'complete' }))).toBe(before + 1);
    expect(failuresOf(withExchange({ status: 404, end: 'complete' }))).toBe(before);
    expect(failuresOf(withExchange({ status: 101, end: 'tunnel' }))).toBe(before);
    expect(failuresOf(withExchange({ end: 'proxyClosed' }))).toBe(before);
  });

  it('count connections where a link is plain tcp', () => {
    const [first, ...rest] = day.events;
    if (first?.type !== 'runStarted') throw new Error('the journal starts with runStarted');
    const links = first.plan.links.map((l) => (l.toService === 'payments' ? { ...l, protocol: 'tcp' as const } : l));
    const connection: JournalEvent = {
      type: 'connection',
      n: day.events.length + 1,
      atMs: first.atMs + 5_000,
      link: 'gateway-1->payments-1',
      from: 'gateway-1',
      to: 'payments-1',
      connection: 1,
      startMs: first.atMs + 4_000,
      endMs: first.atMs + 5_000,
      end: 'upstreamReset',
      bytesUp: 1,
      bytesDown: 1,
    };
    const tcpOnly = [...rest.filter((e) => e.type !== 'exchange'), connection];
    const flow = flowsOf(foldJournal([{ ...first, plan: { ...first.plan, links } }, ...tcpOnly])).find((f) => f.to === 'payments');
    expect(flow).toMatchObject({ counted: 'connections', samples: [{ failed: true }] });
  });
});
