/**
 * Where a person sits and can be asked. What a reader would get wrong: a terminal alone is not enough. Standard output may go to a file, and a program
 * that was started in the background is stopped by the kernel as soon as it reads from its terminal, with its faults on.
 */
import { readFileSync } from 'node:fs';
import { whoAmI } from './who-am-i.js';

export interface Keyboard {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  /** Who sits there, as the system says. */
  owner: string;
  /** What Ctrl-C does. While keys are read one by one the terminal makes no signal of it. */
  interrupt(): void;
}

/** Undefined: nobody can be asked. */
export function hostKeyboard(): Keyboard | undefined {
  if (!process.stdin.isTTY || !process.stdout.isTTY || !isInForeground()) return undefined;
  return { input: process.stdin, output: process.stdout, owner: whoAmI(), interrupt: () => void process.kill(process.pid, 'SIGINT') };
}

/** As the kernel says; where it does not, the foreground is taken for granted. */
function isInForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    // Behind the name, which may hold anything: state, parent, group, session, terminal, the group in its foreground.
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    return true;
  }
}
