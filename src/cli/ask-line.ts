/** One question on the terminal, and the line that answers it. */
import { createInterface } from 'node:readline/promises';
import { printable } from '../reports/printable.js';
import type { Keyboard } from './keyboard.js';

/** Undefined: nobody wants to answer (Ctrl-D), or the signal has aborted (Ctrl-C does that, by way of the program). */
export async function askLine(keyboard: Keyboard, question: string, signal: AbortSignal): Promise<string | undefined> {
  const { output } = keyboard;
  if (signal.aborted) return undefined;
  const lines = createInterface({ input: keyboard.input, output, terminal: true, historySize: 0 });
  lines.on('SIGINT', () => keyboard.interrupt());
  // A terminal that is closed cannot be set back; the program hears of that by SIGHUP.
  lines.on('error', () => {});
  const closed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  let answer: string | undefined;
  try {
    answer = await Promise.race([lines.question(`${question.split('\n').map(printable).join('\n')} `, { signal }), closed]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    lines.close();
  }
  // Nobody has pressed Enter: what follows would go on behind the question.
  if (answer === undefined) output.write('\n');
  return answer;
}
