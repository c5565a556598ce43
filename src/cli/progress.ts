/** Shows a run as it goes: a picture that redraws itself on a terminal, one line an event elsewhere, or the events themselves as JSON lines. */
import { createLogUpdate } from 'log-update';
import { every, type Timer } from '../core/clock.js';
import type { JournalEvent } from '../journal/events.js';
import { renderLive } from '../reports/live.js';
import { type LiveView, plainLine, reduceView, startView } from '../reports/live-view.js';
import type { CliContext } from './command.js';

const REDRAW_EVERY_MS = 250;

export class Progress implements Disposable {
  readonly #context: CliContext;
  readonly #json: boolean;
  readonly #picture: ReturnType<typeof createLogUpdate> | undefined;
  readonly #timer: Timer | undefined;
  #view: LiveView;

  constructor(context: CliContext, { plannedMs, json }: { plannedMs: number; json: boolean }) {
    this.#context = context;
    this.#json = json;
    this.#view = startView({ plannedMs });
    if (json || !context.terminal) return;
    this.#picture = createLogUpdate(process.stdout);
    this.#timer = every(context.clock, REDRAW_EVERY_MS, () => this.#draw());
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
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
    this.#draw();
    this.#picture?.done();
  }

  #draw(): void {
    const { clock, width, colour } = this.#context;
    this.#picture?.(renderLive(this.#view, { nowMs: clock.nowMs(), columns: width, colour }).join('\n'));
  }
}
