import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/journal/events.js';
import { foldJournal, type RunRecord } from '../../src/journal/record.js';
import { history as historyCheck } from '../../src/verify/checks/history.js';
import { judge } from '../../src/verify/judge.js';
import { onOtherClocks } from '../../src/verify/other-clocks.js';
import { exchange, type History, journalOf } from '../support/histories.js';

const operations = [
  { f: 'write', method: 'PUT', path: '/registers/{key}', asks: { header: 'x-value' } },
  { f: 'read', method: 'GET', path: '/registers/{key}', told: { answerHeader: 'x-value' } },
];
const params = historyCheck.schema.parse({ from: 'gateway', to: 'inventory', holds: { register: {} }, operations, minOperations: 3 });

/** A write through one host is over `gapMs` before a read of what was there before begins on another: a stale read, if the clocks are right. */
function staleRead(gapMs: number): History {
  const write = (startMs: number, value: string) =>
    exchange({ from: 'gateway-1', to: 'inventory-1', method: 'PUT', path: '/registers/k', startMs, tokens: { 'x-value': value } });
  const read = (startMs: number, value: string) =>
    exchange({ from: 'gateway-1', to: 'inventory-2', path: '/registers/k', startMs, answerTokens: { 'x-value': value } });
  return {
    exchanges: [write(9_000, 'old'), write(9_500, 'new'), read(9_504 + gapMs, 'old')],
    checks: [{ name: 'register', check: 'history', severity: 'fail', params }],
    faults: [{ step: 'a', fromMs: 8_500, toMs: 9_900, instances: ['inventory-1'], matched: 2, applied: 2 }],
  };
}

function compared(agent: string, links: readonly string[], boundMs: number | null): Omit<JournalEvent, 'n'> {
  return { atMs: 1, type: 'clockCompared', agent, links, offsetMs: 0, boundMs } as Omit<JournalEvent, 'n'>;
}

function recordWith(history: History, clocks: readonly Omit<JournalEvent, 'n'>[]): RunRecord {
  const events = [...journalOf(history)];
  const last = events.pop();
  const all = [...events, ...clocks, ...(last ? [last] : [])];
  return foldJournal(all.map((event, i) => ({ ...event, n: i + 1 }) as JournalEvent));
}

describe('a verdict on what several hosts saw', () => {
  it('moves every two clocks apart, both ways', () => {
    const agents = Array.from({ length: 20 }, (_, i) => `host-${i}`);
    const links = agents.map((agent) => ({ from: 'a', to: agent, link: `a->${agent}` }));
    const history = { exchanges: links.map(({ from, to }) => exchange({ from, to, startMs: 1_000 })) };
    const record = recordWith(
      history,
      agents.map((agent) => compared(agent, [`a->${agent}`], 3)),
    );
    const others = onOtherClocks(record).map(({ exchanges }) => new Map(exchanges.map(({ link, startMs }) => [link, startMs] as const)));
    expect(others).toHaveLength(12);
    for (const a of links) {
      for (const b of links.filter((one) => one !== a)) {
        const apart = others.map((seen) => (seen.get(a.link) ?? 0) - (seen.get(b.link) ?? 0));
        expect(apart).toContain(6);
        expect(apart).toContain(-6);
      }
    }
  });

  it('of one host, or of clocks that are known exactly, is judged once', () => {
    expect(onOtherClocks(recordWith({ exchanges: [] }, []))).toEqual([]);
    expect(onOtherClocks(recordWith({ exchanges: [] }, [compared('a', ['x->y'], 0)]))).toEqual([]);
  });

  it('moves whole exchanges, and leaves alone what the run saw itself', () => {
    const history = { exchanges: [exchange({ from: 'load', to: 'a', startMs: 1_000 }), exchange({ from: 'a', to: 'b', startMs: 1_001 })] };
    const [late] = onOtherClocks(recordWith(history, [compared('host', ['a->b'], 2.5)]));
    const seen = late?.exchanges.map(({ link, startMs, responseStartMs, endMs }) => [link, startMs, responseStartMs, endMs]);
    expect(seen).toEqual([
      ['load->a', 1_000, 1_004, 1_004],
      ['a->b', 1_003.5, 1_007.5, 1_007.5],
    ]);
  });

  it('passes nothing where a clock was never compared', () => {
    const record = recordWith({ exchanges: [] }, [compared('host', ['a->b'], null), compared('idle', [], null)]);
    expect(record.gaps).toEqual(['the clock of agent host was never compared with that of the run']);
  });

  it('takes the worst bound of the run', () => {
    const record = recordWith({ exchanges: [] }, [compared('h', ['a->b'], 4), compared('h', ['a->c'], 1)]);
    expect(record.clocks).toEqual([{ agent: 'h', links: ['a->b', 'a->c'], boundMs: 4 }]);
  });

  const clocks = [compared('one', ['gateway-1->inventory-1'], 10), compared('two', ['gateway-1->inventory-2'], 10)];

  it('stands where no clock explains what was seen', () => {
    expect(judge(recordWith(staleRead(500), clocks)).verdict).toBe('fail');
  });

  it('is open where the clocks may explain it, and says by how much they do', () => {
    expect(judge(recordWith(staleRead(5), [])).verdict, 'on one clock').toBe('fail');
    const { verdict, findings } = judge(recordWith(staleRead(5), clocks));
    expect(verdict).toBe('inconclusive');
    expect(findings[0]?.summary).toMatch(/^the clocks of the hosts are known to 10ms only, /);
  });
});
