import { describe, expect, it } from 'vitest';
import { handFaultsOf, refusalOf } from '../../../../dashboards/live/src/state/hand-faults.js';
import type { LiveEvent, LiveFault } from '../../../../src/control/live/contract.js';

const onLink = (id: string, by?: string) =>
  ({
    id,
    type: 'abort',
    proxies: ['a->b'],
    percentage: 40,
    matched: 3,
    applied: 1,
    ...(by !== undefined && { by }),
  }) as unknown as LiveFault;
const told = (change: string, given: object = {}) =>
  ({
    n: 1,
    atMs: 0,
    type: 'handFault',
    fault: 'p',
    change,
    by: 'ann',
    performs: 'pause',
    links: [],
    processes: ['b-1'],
    ...given,
  }) as unknown as LiveEvent;

describe('faults by hand that are on', () => {
  it('are those of the daemon that somebody put there, and no plan’s', () => {
    expect(handFaultsOf([onLink('f', 'ann'), onLink('plan/step')], [])).toMatchObject([{ id: 'f', by: 'ann', on: ['a->b'], applied: 1 }]);
  });

  it('are those on processes from when the run says so until it says that they ended', () => {
    expect(handFaultsOf([], [told('intended')])).toEqual([]);
    expect(handFaultsOf([], [told('intended'), told('applied')])).toMatchObject([
      { id: 'p', type: 'pause', on: ['b-1'], isOnProcesses: true },
    ]);
    expect(handFaultsOf([], [told('applied'), told('expired')])).toEqual([]);
    expect(handFaultsOf([], [told('applied'), { n: 2, atMs: 1, type: 'runEnded' } as unknown as LiveEvent])).toEqual([]);
  });
});

it('a refusal of the run is told of one’s own faults alone', () => {
  const refused = told('refused', { reason: 'the process of b-1 has a fault on it already' });
  expect(refusalOf([refused], new Set(['p']))).toContain('already');
  expect(refusalOf([refused], new Set(['other']))).toBeUndefined();
});
