/** What an agent ships for the run that it has, and what it still ships for runs that have let go of it: one after the other begins, and none waits for another's end. */
import { reasonOf } from '../core/errors.js';
import type { Shipping } from './shipping/ship.js';

export class Shipments {
  readonly #onProblem: (reason: string) => void;
  readonly #ending = new Set<Promise<void>>();
  #current: Promise<Shipping> | undefined;

  constructor(onProblem: (reason: string) => void) {
    this.#onProblem = onProblem;
  }

  begin(shipping: Promise<Shipping>): void {
    this.#current = shipping;
    shipping.catch((error: unknown) => this.#onProblem(reasonOf(error)));
  }

  /** What is observed from now on belongs to nobody; what was, is shipped to the last. */
  end(): void {
    const current = this.#current;
    this.#current = undefined;
    const ended = (async () => (await current)?.end())().catch((error: unknown) => this.#onProblem(reasonOf(error)));
    this.#ending.add(ended);
    void ended.finally(() => this.#ending.delete(ended));
  }

  /** Resolves when nothing is on its way any more. */
  async rest(): Promise<void> {
    await Promise.all(this.#ending);
  }
}
