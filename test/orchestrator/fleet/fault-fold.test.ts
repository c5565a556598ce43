import { describe, expect, it } from 'vitest';
import type { FaultChange } from '../../../src/journal/observations.js';
import { FaultFold } from '../../../src/orchestrator/fleet/fault-fold.js';

const change = (of: FaultChange['change'], atMs: number, matched = 1): FaultChange => ({
  kind: 'fault',
  fault: 'f',
  run: 'r',
  change: of,
  atMs,
  matched,
  appliedCount: matched,
  skipped: 0,
});
const told = (changes: readonly unknown[]): readonly string[] => (changes as FaultChange[]).map(({ change: of, atMs }) => `${of} ${atMs}`);

describe('a fault on several hosts', () => {
  it('is on with the first and over with the last, with the counts of all', () => {
    const fold = new FaultFold();
    fold.expect({ id: 'f', proxies: ['x', 'y'] }, ['a', 'b']);
    expect(told(fold.fold('b', change('applied', 10)))).toEqual(['applied 10']);
    expect(told(fold.fold('a', change('applied', 12)))).toEqual([]);
    expect(told(fold.fold('a', change('duration', 20, 3)))).toEqual([]);
    expect(fold.fold('b', change('duration', 19, 4))).toEqual([change('duration', 20, 7)]);
    expect(fold.fold('b', change('duration', 19, 4))).toEqual([]);
  });

  it('ended as badly as the worst of its ends', () => {
    const fold = new FaultFold();
    fold.expect({ id: 'f', proxies: ['x', 'y'] }, ['a', 'b']);
    fold.fold('a', change('applied', 1));
    fold.fold('a', change('expired', 5));
    expect(told(fold.fold('b', change('duration', 4)))).toEqual(['expired 5']);
  });

  it('turns when one host says so, not once for each', () => {
    const fold = new FaultFold();
    fold.expect({ id: 'f', proxies: ['x', 'y'] }, ['a', 'b']);
    fold.fold('a', change('applied', 1));
    fold.fold('b', change('applied', 2));
    expect(told([...fold.fold('b', change('turned', 3)), ...fold.fold('a', change('turned', 4))])).toEqual(['turned 4']);
  });

  it('does not wait for a host that is lost, and is over when every host is', () => {
    const fold = new FaultFold();
    fold.expect({ id: 'f', proxies: ['x', 'y'] }, ['a', 'b']);
    fold.fold('a', change('applied', 1));
    fold.fold('a', change('duration', 5));
    expect(told(fold.lose(['b'], 9))).toEqual(['duration 5']);
    const alone = new FaultFold();
    alone.expect({ id: 'f', proxies: ['x', 'y'] }, ['a']);
    alone.fold('a', change('applied', 1));
    expect(told(alone.lose(['a'], 9))).toEqual(['healed 9']);
    expect(told(alone.lose(['a'], 10))).toEqual([]);
  });

  it('lets pass what is no news of faults, and nothing of faults that this run has not ordered', () => {
    const fold = new FaultFold();
    const note = { kind: 'note', text: 'x', run: 'r', by: 'me', atMs: 1 } as const;
    expect(fold.fold('a', note)).toEqual([note]);
    expect(fold.fold('a', change('applied', 1))).toEqual([]);
  });
});
