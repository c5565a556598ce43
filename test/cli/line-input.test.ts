import { describe, expect, it } from 'vitest';
import { LineInput } from '../../src/cli/line-input.js';
import { CTRL_C, CTRL_D, ENTER, type TestKeyboard, testKeyboard } from '../support/keyboard.js';

const never = new AbortController().signal;
const gate = (name: string, ...by: string[]) => ({ name, question: '', by });

function typing(keyboard: TestKeyboard) {
  const notes: string[] = [];
  const input = new LineInput(keyboard, { onNote: ({ text, by }) => notes.push(`${by}: ${text}`), onKey: () => {} });
  return { input, notes };
}
/** Streams hand on what was typed a moment later. */
const moment = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('the line under the live picture', () => {
  it('answers the gate that has waited longest, then the next', async () => {
    const keyboard = testKeyboard();
    using input = typing(keyboard).input;
    const first = input.decide(gate('first', 'ann'), never);
    const second = input.decide(gate('second'), never);
    keyboard.type(`y${ENTER}n${ENTER}`);
    expect([await first, await second]).toEqual([
      { decision: 'approved', by: 'ann' },
      { decision: 'refused', by: 'eve' },
    ]);
  });

  it('takes notes at any time, and leaves gates waiting meanwhile', async () => {
    const keyboard = testKeyboard();
    const { input, notes } = typing(keyboard);
    using _ = input;
    const answer = input.decide(gate('go'), never);
    keyboard.type(`no errors so far${ENTER}${ENTER}y${ENTER}`);
    expect(await answer).toMatchObject({ decision: 'approved' });
    expect(notes).toEqual(['eve: no errors so far']);
  });

  it('forgets a gate that somebody else has answered', async () => {
    const keyboard = testKeyboard();
    const { input, notes } = typing(keyboard);
    using _ = input;
    const over = new AbortController();
    void input.decide(gate('old'), over.signal);
    over.abort();
    const answer = input.decide(gate('new', 'ann'), never);
    keyboard.type(`y${ENTER}`);
    expect(await answer).toEqual({ decision: 'approved', by: 'ann' });
    expect(notes).toEqual([]);
  });

  it('says what is missing of an answer, until there is one', async () => {
    const keyboard = testKeyboard();
    using input = typing(keyboard).input;
    const answer = input.decide(gate('go', 'ann', 'bob'), never);
    keyboard.type(`y${ENTER}`);
    await moment();
    expect(input.hint).toBe('say who answers: y ann, y bob');
    keyboard.type(`y ann${ENTER}`);
    expect(await answer).toMatchObject({ by: 'ann' });
    expect(input.hint).toBe('');
  });

  it('knows what was typed and where the cursor stands, and draws nothing', async () => {
    const keyboard = testKeyboard();
    using input = typing(keyboard).input;
    keyboard.type('abc\u001b[D');
    await moment();
    expect(input.typed).toEqual({ text: 'abc', cursor: 2 });
    expect(keyboard.shown()).toBe('');
  });

  it('makes Ctrl-C what it is elsewhere', async () => {
    const keyboard = testKeyboard();
    using _ = typing(keyboard).input;
    keyboard.type(CTRL_C);
    await moment();
    expect(keyboard.interrupts()).toBe(1);
  });

  it('goes on after Ctrl-D on an empty line, and not after the terminal is gone', async () => {
    const keyboard = testKeyboard();
    const { input, notes } = typing(keyboard);
    using _ = input;
    const answer = input.decide(gate('go'), never);
    keyboard.type(CTRL_D);
    await moment();
    keyboard.type(`still here${ENTER}y${ENTER}`);
    expect(await answer).toMatchObject({ decision: 'approved' });
    expect(notes).toEqual(['eve: still here']);
    keyboard.close();
    await moment();
    expect(keyboard.input.listenerCount('end')).toBe(0);
  });
});
