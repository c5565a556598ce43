import { describe, expect, it } from 'vitest';
import { faultWords } from '../../../../../../dashboards/live/src/views/live/fleet/fault-on-host.js';
import {
  clockWords,
  hostState,
  observationsWords,
  ordersWords,
  stateNote,
} from '../../../../../../dashboards/live/src/views/live/fleet/host-words.js';
import type { LiveAgent, LiveMember } from '../../../../../../src/control/live/contract.js';

const member: LiveMember = {
  lost: null,
  clock: { offsetMs: 0, boundMs: 0 },
  instances: [],
  links: [],
  faults: [],
  ordered: 3,
  applied: 3,
  observations: { taken: 0, lost: 0, heardMs: null, behindMs: 0 },
};
const agent = (given: Partial<LiveAgent> = {}): LiveAgent => ({
  name: 'a',
  labels: {},
  host: '10.0.0.1',
  version: '0',
  isDraining: false,
  heldBy: null,
  member: null,
  ...given,
});

describe('what is said of a host', () => {
  it('is lost before anything else, with why and since when', () => {
    const lost = agent({ isDraining: true, member: { ...member, lost: { reason: 'its registration is gone', atMs: 1_000 } } });
    expect([hostState(lost), stateNote(lost, 13_400)]).toEqual(['lost', 'since 12.00s: its registration is gone']);
    expect([hostState(agent({ isDraining: true, member })), hostState(agent({ member })), hostState(agent())]).toEqual([
      'draining',
      'ready',
      'free',
    ]);
    expect([hostState(agent({ heldBy: 'r2' })), stateNote(agent({ heldBy: 'r2' }), 0)]).toEqual(['held', 'by run r2']);
  });

  it('tells the clock with its bound, orders that are not done, and observations that are late or lost', () => {
    expect(clockWords(member)).toBe('as ours');
    expect(clockWords({ ...member, clock: { offsetMs: -1_500, boundMs: 2 } })).toBe('−1.50s ± 2.0ms');
    expect(clockWords({ ...member, clock: null })).toBe('not known yet');
    expect(ordersWords({ ...member, ordered: 5 })).toBe('3 of 5 done');
    const observations = { taken: 7, lost: 2, heardMs: 1_000, behindMs: 61_000 };
    expect(observationsWords({ ...member, observations }, 3_000)).toMatch(/^7 shipped, .* behind, 2 lost, last 2.00s ago$/);
    expect(observationsWords(member, 0)).toBe('none yet');
  });

  it('names a fault by its step or by who put it on, with its level', () => {
    const fault = { id: 'r/gray', run: 'r', type: 'abort', proxies: [], isOn: true, percentage: 30, endsInMs: null };
    const figures = { matched: 0, applied: 0, skipped: 0, held: 0 };
    expect(faultWords('r/gray', [{ ...fault, ...figures }])).toBe('gray (abort), 30 %');
    expect(faultWords('r/gray', [{ ...fault, ...figures, isOn: false, by: 'ann' }])).toBe('abort by ann, off for now');
    expect(faultWords('r/paused', [])).toBe('paused');
  });
});
