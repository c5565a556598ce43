import { describe, expect, it } from 'vitest';
import { isBefore, type Operation } from '../../../src/verify/histories/operation.js';
import { seeds } from '../../support/simulated-cycles.js';
import { changed, drawOf, isDone, judged, pick, registerCopy, simulateHistory } from '../../support/simulated-histories.js';

const history = (seed: number): Operation[] => simulateHistory({ seed, copy: registerCopy(), count: 80, stretchMs: 1 + (seed % 6) });

describe('sessions', () => {
  it('finds nothing in 500 histories of one copy, and every client whose reads or writes went back in time', () => {
    const verdicts = { good: new Set<string>(), read: new Set<string>(), write: new Set<string>() };
    for (const seed of seeds(500)) {
      const draw = drawOf(seed + 1_000_000);
      const good = history(seed);
      verdicts.good.add(judged('sessions', good).verdict);
      for (const f of ['read', 'write'] as const) {
        const later = good.filter((one) => one.f === f && isDone(one));
        const chosen = pick(
          later.flatMap((one) =>
            good
              .filter((before) => before.process === one.process && isDone(before) && isBefore(before, one) && (before.version ?? 0) > 0)
              .map((before) => ({ one, before })),
          ),
          draw,
        );
        if (chosen === undefined) continue;
        verdicts[f].add(judged('sessions', changed(good, chosen.one.id, { version: (chosen.before.version ?? 0) - 0.5 })).verdict);
      }
    }
    expect(verdicts).toEqual({ good: new Set(['valid']), read: new Set(['invalid']), write: new Set(['invalid']) });
  }, 60_000);

  const step = (id: number, f: 'read' | 'write', version: number | undefined, value: string | null = `v${version}`): Operation => ({
    id,
    process: 'ann',
    key: '',
    f,
    outcome: 'ok',
    startMs: id,
    endMs: id + 0.5,
    ...(version !== undefined && { version }),
    ...(f === 'write' ? { input: value } : { output: value }),
  });

  it.each([
    ['readYourWrites', step(1, 'write', 5), step(2, 'read', 4)],
    ['monotonicReads', step(1, 'read', 5), step(2, 'read', 4)],
    ['monotonicWrites', step(1, 'write', 5), step(2, 'write', 4)],
    ['writesFollowReads', step(1, 'read', 5), step(2, 'write', 4)],
  ])('calls %s by its name, and says nothing where it is not promised', (name, first, second) => {
    expect(judged('sessions', [first, second]).anomalies).toMatchObject([{ kind: name, operations: [1, 2] }]);
    const others = ['readYourWrites', 'monotonicReads', 'monotonicWrites', 'writesFollowReads'].filter((other) => other !== name);
    expect(judged('sessions', [first, second], { guarantees: others }).verdict).toBe('valid');
  });

  it('knows the version of a read by the write whose value it saw, and nothing older than an empty read', () => {
    expect(judged('sessions', [step(1, 'write', 5, 'a'), step(2, 'read', undefined, 'a'), step(3, 'read', undefined, null)]).verdict).toBe(
      'invalid',
    );
    expect(judged('sessions', [step(1, 'write', 5, 'a'), step(2, 'read', undefined, 'a')]).verdict).toBe('valid');
    expect(judged('sessions', [step(1, 'write', 5, 'a'), step(2, 'read', undefined, 'b')])).toMatchObject({
      verdict: 'unknown',
      reason: 'read "b" (event 2) has no version that is known',
    });
  });

  it('knows no version of a value that was written twice, unless both writes have the same or one was refused', () => {
    const [first, second] = [step(1, 'write', 5, 'a'), { ...step(2, 'write', 9, 'a'), process: 'bob' }];
    const later = [step(3, 'read', 6, 'b'), step(4, 'read', undefined, 'a')];
    const unknown = { verdict: 'unknown', reason: 'read "a" (event 4) has no version that is known' };
    // Once of a write that overtakes, once of one that falls behind: whichever is kept would make proof of a guess.
    expect(judged('sessions', [first, second, ...later])).toMatchObject(unknown);
    expect(judged('sessions', [{ ...second, id: 1, startMs: 0, endMs: 0.5 }, first, ...later])).toMatchObject(unknown);
    const { version: _, ...unversioned } = second;
    const lost = { ...unversioned, outcome: 'unknown', endMs: Number.POSITIVE_INFINITY } as const;
    expect(judged('sessions', [first, lost, ...later])).toMatchObject(unknown);
    expect(judged('sessions', [first, second, { ...second, id: 5, startMs: 2.6, endMs: 2.7, version: 5 }, ...later])).toMatchObject(
      unknown,
    );
    expect(judged('sessions', [first, { ...second, version: 5 }, ...later]).verdict).toBe('invalid');
    expect(judged('sessions', [first, { ...second, outcome: 'failed' }, ...later]).verdict).toBe('invalid');
  });

  it('demands nothing of one client of what another did', () => {
    expect(judged('sessions', [step(1, 'write', 5), { ...step(2, 'read', 4), process: 'bob' }]).verdict).toBe('valid');
  });
});
