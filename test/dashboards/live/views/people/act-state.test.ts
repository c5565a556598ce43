import { describe, expect, it } from 'vitest';
import { stateOfAct } from '../../../../../dashboards/live/src/views/people/act-state.js';
import type { LiveEvent } from '../../../../../src/control/live/contract.js';

const act = { name: 'one', title: 'One', steps: ['a', 'b'] };
const base = { n: 1, atMs: 1 };
const begun = (step: string): LiveEvent => ({ ...base, type: 'stepStarted', step });
const over = (step: string, outcome: 'completed' | 'stopped' = 'completed'): LiveEvent => ({ ...base, type: 'stepEnded', step, outcome });

describe('an act', () => {
  it('goes on from its first step to the end of its last, also in between', () => {
    expect(stateOfAct(act, [])).toBe('waiting');
    expect(stateOfAct(act, [begun('other')])).toBe('waiting');
    expect(stateOfAct(act, [begun('a')])).toBe('goesOn');
    expect(stateOfAct(act, [begun('a'), over('a')])).toBe('goesOn');
    expect(stateOfAct(act, [begun('a'), over('a'), begun('b'), over('b')])).toBe('over');
  });

  it('is stopped when one of its steps was', () => {
    expect(stateOfAct(act, [begun('a'), over('a', 'stopped')])).toBe('stopped');
  });
});
