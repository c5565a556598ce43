/** Answers as a callee once gave them, found by what was asked. Bounded in number and bytes: what was kept first goes first. */

export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** When it was given, on the monotonic clock. */
  readonly keptMs: number;
}

export interface AnswerStoreLimits {
  answersMax: number;
  /** Of keys, headers and bodies together. */
  bytesMax: number;
}

export class AnswerStore {
  readonly #limits: AnswerStoreLimits;
  readonly #byKey = new Map<string, KeptAnswer>();
  #bytes = 0;

  constructor(limits: AnswerStoreLimits) {
    this.#limits = limits;
  }

  get(key: string): KeptAnswer | undefined {
    return this.#byKey.get(key);
  }

  /** In place of the one that was kept for this key. One that alone is beyond the bound is not kept. */
  keep(key: string, answer: KeptAnswer): void {
    this.#drop(key);
    const bytes = sizeOf(key, answer);
    if (bytes > this.#limits.bytesMax) return;
    this.#byKey.set(key, answer);
    this.#bytes += bytes;
    for (const oldest of this.#byKey.keys()) {
      if (this.#byKey.size <= this.#limits.answersMax && this.#bytes <= this.#limits.bytesMax) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const answer = this.#byKey.get(key);
    if (answer === undefined) return;
    this.#byKey.delete(key);
    this.#bytes -= sizeOf(key, answer);
  }
}

function sizeOf(key: string, { headers, body }: KeptAnswer): number {
  return Object.entries(headers).reduce((bytes, [name, value]) => bytes + name.length + value.length, key.length + body.length);
}
