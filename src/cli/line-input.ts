/**
 * The line under the live picture on which somebody may type while a run goes on: answers to gates, and notes at any time. It reads keys and keeps what
 * was typed, and draws nothing itself: two that move one cursor would overwrite each other.
 */
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Gate, GateAnswer, Person } from '../orchestrator/person.js';
import type { Keyboard } from './keyboard.js';
import { understand } from './spoken.js';

export interface LineInputPorts {
  onNote(note: { text: string; by: string }): void;
  /** A key was pressed. */
  onKey(): void;
}

interface Waiting {
  gate: Gate;
  resolve(answer: GateAnswer): void;
}

export class LineInput implements Person, Disposable {
  readonly #keyboard: Keyboard;
  readonly #ports: LineInputPorts;
  #lines: Interface;
  #isOver = false;
  readonly #onKey = (): void => this.#ports.onKey();
  /** As many as the plan has gates; the one that has waited longest is answered first. */
  readonly #waiting: Waiting[] = [];
  #hint = '';

  constructor(keyboard: Keyboard, ports: LineInputPorts) {
    this.#keyboard = keyboard;
    this.#ports = ports;
    this.#lines = this.#open();
    keyboard.input.on('keypress', this.#onKey);
  }

  /** What stands on the line, with the place of the cursor. */
  get typed(): { text: string; cursor: number } {
    return { text: this.#lines.line, cursor: this.#lines.cursor };
  }

  /** What was wrong with the last line; empty if nothing was. */
  get hint(): string {
    return this.#hint;
  }

  decide(gate: Gate, signal: AbortSignal): Promise<GateAnswer> {
    return new Promise((resolve) => {
      const waiting = { gate, resolve };
      this.#waiting.push(waiting);
      signal.addEventListener('abort', () => this.#forget(waiting), { once: true });
    });
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#keyboard.input.off('keypress', this.#onKey);
    this.#lines.close();
  }

  #open(): Interface {
    const { input } = this.#keyboard;
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input, output: nowhere, terminal: true });
    lines.on('line', (line) => this.#take(line));
    lines.on('SIGINT', () => this.#keyboard.interrupt());
    // A terminal that is closed cannot be set back; the program hears of that by SIGHUP.
    lines.on('error', () => {});
    // Ctrl-D on an empty line ends the reading of lines, and a run cannot do without: its gates are answered here.
    lines.on('close', () => {
      if (!this.#isOver && input.readable) this.#lines = this.#open();
    });
    return lines;
  }

  #take(line: string): void {
    const [first] = this.#waiting;
    const spoken = understand(line, { gate: first?.gate, owner: this.#keyboard.owner });
    this.#hint = spoken.kind === 'unsigned' ? spoken.hint : '';
    if (spoken.kind === 'note') this.#ports.onNote({ text: spoken.text, by: this.#keyboard.owner });
    if (spoken.kind === 'answer' && first !== undefined) {
      this.#forget(first);
      first.resolve(spoken.answer);
    }
    this.#ports.onKey();
  }

  #forget(waiting: Waiting): void {
    const place = this.#waiting.indexOf(waiting);
    if (place >= 0) this.#waiting.splice(place, 1);
  }
}
