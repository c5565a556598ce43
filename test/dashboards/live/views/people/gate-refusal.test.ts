import { describe, expect, it } from 'vitest';
import { gateRefusal } from '../../../../../dashboards/live/src/views/people/gate-refusal.js';

describe('who may answer a gate', () => {
  it('is anybody where it names nobody, else those whom it names', () => {
    expect(gateRefusal([], '')).toBeUndefined();
    expect(gateRefusal(['ann'], 'ann')).toBeUndefined();
    expect(gateRefusal(['ann'], 'bob')).toBe('it waits for ann, not for bob');
    expect(gateRefusal(['ann', 'bob'], '')).toBe('say who you are first: it waits for ann, bob');
  });
});
