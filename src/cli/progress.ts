/** Shows a run as it goes: a picture that redraws itself on a terminal, one line an event elsewhere, or the events themselves as JSON lines. */
import { isDeepStrictEqual } from 'node:util';
import { createLogUpdate } from 'log-update';
import { every, type Timer } from '../core/clock.js';
import type { JournalEvent } from '../journal/events.js';
import type { Person } from '../orchestrator/person.js';
import { renderLive } from '../reports/live.js';
import { type LiveView, plainLine, reduceView, startView } from '../reports/live-view.js';
import { printable } from '../reports/printable.js';
import type { SoFar } from '../verify/so-far.js';
import type { CliContext } from './command.js';
import { LineInput } from './line-input.js';

const REDRAW_EVERY_MS = 250;

export interface ProgressOptions {
  plannedMs: number;
  json: boolean;
  /** Somebody typed a note. */
  onNote(note: { text: string; by: string }): void;
}

export class Progress implements Disposable {
  readonly #context: CliContext;
  readonly #json: boolean;
  readonly #picture: ReturnType<typeof createLogUpdate> | undefined;
  readonly #input: LineInput | undefined;
  readonly #timer: Timer | undefined;
  #view: LiveView;

  constructor(context: CliContext, { plannedMs, json, onNote }: ProgressOptions) {
    this.#context = context;
    this.#json = json;
    this.#view = startView({ plannedMs });
    if (json || !context.terminal) return;
    this.#picture = createLogUpdate(process.stdout);
    this.#timer = every(context.clock, REDRAW_EVERY_MS, () => this.#draw());
    if (context.keyboard !== undefined) this.#input = new LineInput(context.keyboard, { onNote, onKey: () => this.#draw() });
  }

  /** True where there is room for what changes: in a picture, and in lines for programs. */
  get showsVerdicts(): boolean {
    return this.#json || this.#picture !== undefined;
  }

  /** Who can be asked at gates; undefined where nobody can type. */
  get person(): Person | undefined {
    return this.#input;
  }

  /** One more event of the journal. */
  show(event: JournalEvent): void {
    if (this.#json) {
      if (event.type !== 'exchange' && event.type !== 'connection') this.#context.say(JSON.stringify(event));
      return;
    }
    // What earlier runs left was said before this one began.
    if (event.type === 'leftover') return;
    this.#view = reduceView(this.#view, event);
    if (this.#picture !== undefined) return;
    const line = plainLine(event, this.#view.startedMs);
    if (line !== undefined) this.#context.say(line);
    if (event.type === 'gateOpened') this.#context.say(printable(`         answer it with \`faultlab approve ${event.gate}\``));
  }

  /** What is known of the promises by now. */
  showVerdicts(judged: readonly SoFar[]): void {
    const soFar = judged.map(({ name, state }) => ({ name, state }));
    if (this.#json && !isDeepStrictEqual(soFar, this.#view.soFar)) {
      this.#context.say(JSON.stringify({ type: 'verdictsSoFar', atMs: this.#context.clock.nowMs(), verdicts: soFar }));
    }
    this.#view = { ...this.#view, soFar };
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
    this.#input?.[Symbol.dispose]();
    this.#draw({ isLast: true });
    this.#picture?.done();
  }

  #draw({ isLast = false } = {}): void {
    const { clock, width, colour } = this.#context;
    const input = this.#input === undefined || isLast ? undefined : { ...this.#input.typed, hint: this.#input.hint };
    const lines = renderLive(this.#view, { nowMs: clock.nowMs(), columns: width, colour, input, isOver: isLast });
    this.#picture?.(lines.join('\n'));
  }
}
