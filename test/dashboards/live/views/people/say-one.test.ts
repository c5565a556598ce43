import { describe, expect, it } from 'vitest';
import { sayOne } from '../../../../../dashboards/live/src/views/people/say-one.js';

describe('what somebody said', () => {
  it('is a note as it stands, and a decision with what was asked', () => {
    expect(sayOne({ kind: 'note', atMs: 1, by: 'ann', text: 'it is slow' })).toBe('it is slow');
    const gate = { kind: 'gate', atMs: 1, by: 'ann', gate: 'go', question: 'May we?', waitedMs: 1 } as const;
    expect(sayOne({ ...gate, decision: 'approved' })).toBe('approved go: May we?');
    expect(sayOne({ ...gate, decision: 'timedOut', question: '' })).toBe('let the time run out at go');
  });
});
