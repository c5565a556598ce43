/**
 * What instances say of themselves, for people who play with them: asked past the links, once a second, and told when it changes. What a reader gets wrong:
 * it is what each believes, and nobody judges by it.
 */
import { type Clock, every, type Timer } from '../core/clock.js';
import type { NewEvent, RecordedPlan } from '../journal/events.js';
import type { RecordedWords } from '../journal/recorded-play.js';
import { type Answer, ask } from './services/ask.js';

const ASK_EVERY_MS = 1_000;
const ANSWER_MS_MAX = 900;
const VALUE_CHARACTERS_MAX = 60;

export interface SelfWordPorts {
  clock: Clock;
  note(event: NewEvent): void;
  /** Where an instance listens itself; none before it has an address. */
  addresses(instance: string): readonly string[];
}

export class SelfWords implements Disposable {
  readonly #ports: SelfWordPorts;
  readonly #timer: Timer;
  /** Instance → what it said last, as text. */
  readonly #said = new Map<string, string>();
  readonly #asked = new Set<string>();

  constructor(ports: SelfWordPorts, { play, services }: Pick<RecordedPlan, 'play' | 'services'>) {
    this.#ports = ports;
    const all = (play?.words ?? []).flatMap((words) =>
      (services.find(({ name }) => name === words.service)?.instances ?? []).map((instance) => ({ instance, words })),
    );
    this.#timer = every(ports.clock, ASK_EVERY_MS, () => {
      for (const { instance, words } of all) void this.#ask(instance, words);
    });
  }

  [Symbol.dispose](): void {
    this.#timer.cancel();
  }

  /** One question at a time for each: who stands still is not asked again and again. */
  async #ask(instance: string, { path, show }: RecordedWords): Promise<void> {
    const [address] = this.#ports.addresses(instance);
    if (address === undefined || this.#asked.has(instance)) return;
    this.#asked.add(instance);
    const answer = await ask({ address, path, withText: true, signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    this.#asked.delete(instance);
    const said = saidIn(answer, show);
    const text = JSON.stringify(said);
    if (this.#said.get(instance) === text) return;
    this.#said.set(instance, text);
    this.#ports.note({ type: 'selfWord', instance, said });
  }
}

/** Null: it did not answer, or not with JSON. */
function saidIn({ status, text }: Answer, show: readonly string[]): Readonly<Record<string, string>> | null {
  if (status === 0) return null;
  try {
    const json = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return Object.fromEntries(show.map((key) => [key, shown(json[key])]));
  } catch {
    return null;
  }
}

function shown(value: unknown): string {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return '–';
  if (Array.isArray(value)) return value.map(shown).join(', ').slice(0, VALUE_CHARACTERS_MAX);
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, VALUE_CHARACTERS_MAX);
}
