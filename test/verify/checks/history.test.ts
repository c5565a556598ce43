/** `history` against replicas whose truth is known: one copy passes, a lost write or a stale replica never does, what was not put to the test is not judged. */
import { describe, expect, it } from 'vitest';
import { history } from '../../../src/verify/checks/history.js';
import { type HistoryExchange, recordOf } from '../../support/histories.js';
import { seeds } from '../../support/simulated-cycles.js';
import { type RegistersScene, registersCycle } from '../../support/simulated-registers.js';

const operations = [
  { f: 'write', method: 'PUT', path: '/registers/{key}', asks: { header: 'X-Value' } },
  { f: 'read', method: 'GET', path: '/registers/{key}', told: { answerHeader: 'X-Value' } },
];
const ends = { from: 'gateway', to: 'inventory' };
const params = history.schema.parse({ ...ends, holds: { register: {} }, operations });
const judged = (scene: RegistersScene) => history.evaluate(params, registersCycle(scene));

describe('history against simulated registers', () => {
  it('passes 40 single copies, fails 80 that lose writes or fall behind, and judges none without traffic or fault', () => {
    const cycles = seeds(40);
    const verdicts = (scene: Omit<RegistersScene, 'seed'>) => [...new Set(cycles.map((seed) => judged({ seed, ...scene }).verdict))];
    expect(verdicts({ replicas: 'one' })).toEqual(['pass']);
    expect(verdicts({ replicas: 'skewed' })).toEqual(['fail']);
    expect(verdicts({ replicas: 'behind' })).toEqual(['fail']);
    expect(verdicts({ replicas: 'behind', isIdle: true })).toEqual(['inconclusive']);
    expect(verdicts({ replicas: 'one', isUnfelt: true })).toEqual(['inconclusive']);
  }, 60_000);

  it('tells how many writes were lost, and from how far behind', () => {
    const record = registersCycle({ seed: 4, replicas: 'skewed' });
    const { summary, measurements, evidence } = history.evaluate(params, record);
    expect(summary).toMatch(
      /^inventory, as gateway saw it: \d+ times "register" was broken in 500 operations on 3 keys \(\d+ of unknown outcome\), first \(lost write\): "k4-\d": read "v\d+" \(event \d+\) saw a value that write "v\d+" \(event \d+\) had replaced$/,
    );
    const figure = (name: string): number => Number(measurements.find((one) => one.name === name)?.value);
    expect(figure('lost writes')).toBeGreaterThan(0);
    expect(figure('largest gap before a lost write')).toBeGreaterThan(100);
    expect(figure('largest gap before a lost write')).toBeLessThan(710);
    const shown = record.exchanges.filter(({ n }) => evidence.includes(n));
    expect(shown.length).toBeGreaterThan(2);
    expect(new Set(shown.map(({ path }) => path.replace(/\?.*/, ''))).size).toBeGreaterThan(0);
  });
});

const at = (startMs: number, more: Partial<HistoryExchange>): HistoryExchange => ({
  from: 'gateway-1',
  to: 'inventory-1',
  path: '/registers/k',
  startMs,
  endMs: startMs + 2,
  ...more,
});
const put = (startMs: number, value: string, more: Partial<HistoryExchange> = {}) =>
  at(startMs, { method: 'PUT', tokens: { 'x-value': value }, ...more });
const get = (startMs: number, value: string | undefined, more: Partial<HistoryExchange> = {}) =>
  at(startMs, { method: 'GET', ...(value === undefined ? { status: 404 } : { answerTokens: { 'x-value': value } }), ...more });
const fault = { step: 'f', fromMs: 8_500, toMs: 8_900, instances: ['inventory-1'] };
const small = { ...params, minOperations: 2 };
const evaluate = (exchanges: readonly HistoryExchange[], given: typeof params = small) =>
  history.evaluate(given, recordOf({ exchanges, faults: [fault] }));

describe('history on a wire written by hand', () => {
  it('takes for certainly undone what never arrived or was refused, and for unknown all else', () => {
    const then = [put(8_600, 'b'), get(8_700, 'a')];
    expect(evaluate([put(8_500, 'a', { end: 'timeout' }), ...then]).verdict).toBe('pass');
    expect(evaluate([put(8_500, 'a', { status: 503 }), ...then]).verdict).toBe('pass');
    expect(evaluate([put(8_500, 'a', { end: 'connectFailed' }), ...then]).summary).toContain('read of a failed write');
    expect(evaluate([put(8_500, 'a', { status: 409 }), ...then]).summary).toContain('read of a failed write');
    expect(evaluate([put(8_500, 'a', { status: 409, applied: ['r/f'] }), ...then]).verdict).toBe('pass');
  });

  it('takes an answer of nothing for what it says, and a write that it lost for lost', () => {
    expect(evaluate([get(8_400, undefined), put(8_500, 'a'), get(8_600, 'a')]).verdict).toBe('pass');
    expect(evaluate([put(8_500, 'a'), get(8_600, undefined)])).toMatchObject({
      verdict: 'fail',
      summary: expect.stringContaining('1 times "register" was broken'),
    });
  });

  it('says what is missing: the header, or one of the operations, or enough of them', () => {
    expect(evaluate([put(8_500, 'a'), get(8_600, 'a', { answerTokens: {} })])).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('what read was answered should be textOrNone'),
    });
    expect(evaluate([put(8_500, 'a'), put(8_600, 'b')]).summary).toBe('no read was answered, so nothing was put to the test');
    expect(evaluate([put(8_500, 'a'), get(8_600, 'a')], params).summary).toBe(
      'only 2 of 2 operations were answered; 50 are needed to judge',
    );
    const long = 'x'.repeat(200);
    expect(evaluate([put(8_500, long), get(8_600, long)]).summary).toContain('what write asks should be text');
  });

  it('hands numbers, tokens, versions and sessions to who asks for them', () => {
    const counted = history.schema.parse({
      ...ends,
      minOperations: 2,
      holds: { counter: {} },
      operations: [
        { f: 'add', method: 'PUT', path: '/registers/{key}', asks: { header: 'x-value' } },
        { f: 'read', method: 'GET', path: '/registers/{key}', told: { answerHeader: 'x-value' } },
      ],
    });
    expect(evaluate([put(8_500, '3'), get(8_600, '3')], counted).verdict).toBe('pass');
    expect(evaluate([put(8_500, '3'), get(8_600, '2')], counted).verdict).toBe('fail');
    const own = history.schema.parse({
      ...ends,
      minOperations: 2,
      holds: { sessions: { guarantees: ['monotonicReads'] } },
      operations: [{ ...operations[1], version: { answerHeader: 'x-version' }, client: { header: 'x-session' } }],
    });
    const read = (startMs: number, version: string, session: string) =>
      get(startMs, 'v', { tokens: { 'x-session': session }, answerTokens: { 'x-value': 'v', 'x-version': version } });
    expect(evaluate([read(8_500, '10', 'ann'), read(8_600, '9', 'bob')], own).verdict).toBe('pass');
    expect(evaluate([read(8_500, '10', 'ann'), read(8_600, '9', 'ann')], own)).toMatchObject({
      verdict: 'fail',
      summary: expect.stringContaining('ann: read "v"'),
    });
  });

  it('takes a connection that was refused for no fence', () => {
    const fenced = history.schema.parse({
      ...ends,
      minOperations: 2,
      holds: { lease: {} },
      operations: [{ ...operations[0], token: { header: 'x-epoch' } }],
    });
    const write = (startMs: number, token: number, more: Partial<HistoryExchange> = {}) =>
      put(startMs, `v${startMs}`, { tokens: { 'x-value': `v${startMs}`, 'x-epoch': String(token) }, ...more });
    const late = (more: Partial<HistoryExchange>) => evaluate([write(8_500, 4), write(8_600, 5), write(8_700, 4, more)], fenced);
    expect(late({ end: 'connectFailed' })).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('0 stale writes were refused, 1 are needed to know that there is a fence'),
    });
    expect(late({ status: 409 }).verdict).toBe('pass');
    expect(late({}).summary).toContain('stale write');
  });

  it('takes one promise of the catalog, with its own parameters', () => {
    expect(history.schema.safeParse({ ...ends, holds: { register: {}, set: {} }, operations }).success).toBe(false);
    expect(history.schema.safeParse({ ...ends, holds: { linearizable: {} }, operations }).success).toBe(false);
    expect(history.schema.safeParse({ ...ends, holds: { linearizable: { model: 'mutex' } }, operations }).success).toBe(true);
  });
});
