import { describe, expect, it } from 'vitest';
import { askLine } from '../../src/cli/ask-line.js';
import { CTRL_C, CTRL_D, ENTER, testKeyboard } from '../support/keyboard.js';

describe('a question on the terminal', () => {
  it('shows the question and gives the line back', async () => {
    const keyboard = testKeyboard();
    const answer = askLine(keyboard, 'Ready?\u001b[2J', new AbortController().signal);
    keyboard.type(`yes, all${ENTER}`);
    expect(await answer).toBe('yes, all');
    expect(keyboard.shown()).toContain('Ready?\\u{1b}[2J ');
  });

  it('gives nothing back at Ctrl-D', async () => {
    const keyboard = testKeyboard();
    const answer = askLine(keyboard, 'Ready?', new AbortController().signal);
    keyboard.type(CTRL_D);
    expect(await answer).toBeUndefined();
  });

  it('hands Ctrl-C on, and waits no longer when that ends the program', async () => {
    const over = new AbortController();
    const keyboard = testKeyboard({ onInterrupt: () => over.abort('SIGINT') });
    const answer = askLine(keyboard, 'Ready?', over.signal);
    keyboard.type(CTRL_C);
    expect(await answer).toBeUndefined();
    expect(await askLine(keyboard, 'Again?', over.signal)).toBeUndefined();
  });
});
