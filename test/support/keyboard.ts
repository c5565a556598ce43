/** A keyboard that a test presses: what is written to `keys` is typed, `shown` is what came out. */
import { PassThrough } from 'node:stream';
import type { Keyboard } from '../../src/cli/keyboard.js';

export interface TestKeyboard extends Keyboard {
  type(text: string): void;
  /** The terminal is gone. */
  close(): void;
  /** All that was written to the terminal. */
  shown(): string;
  /** How often Ctrl-C was pressed. */
  interrupts(): number;
}

export const ENTER = '\r';
export const CTRL_C = '\u0003';
export const CTRL_D = '\u0004';

export function testKeyboard({ owner = 'eve', onInterrupt = () => {} }: { owner?: string; onInterrupt?: () => void } = {}): TestKeyboard {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  let interrupts = 0;
  output.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  return {
    input,
    output,
    owner,
    interrupt: () => {
      interrupts += 1;
      onInterrupt();
    },
    type: (text) => void input.write(text),
    close: () => void input.end(),
    shown: () => shown,
    interrupts: () => interrupts,
  };
}
