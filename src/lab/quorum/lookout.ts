/** Who says that it leads, as far as can be seen from here: all members are asked once a second, whether anybody needs to know or not. */
import type { Clock } from '../../core/clock.js';
import type { JsonCaller } from '../call-json.js';
import type { Address } from '../environment.js';
import { every } from '../every.js';

const LOOK_MS = 1_000;
const ANSWER_MS_MAX = 800;

export class Lookout implements Disposable {
  readonly #looks: Disposable;
  #leaders: readonly string[] = [];

  constructor({ members, caller, clock }: { members: ReadonlyMap<string, Address>; caller: JsonCaller; clock: Clock }) {
    const look = async (): Promise<void> => {
      const answers = await Promise.all(
        [...members].map(async ([name, address]) => {
          const { body } = await caller.call(address, { method: 'GET', path: '/health', answerMsMax: ANSWER_MS_MAX });
          return body['role'] === 'leader' ? [name] : [];
        }),
      );
      this.#leaders = answers.flat();
    };
    // A call never throws: what goes wrong is no answer.
    this.#looks = every(clock, LOOK_MS, look, () => {});
  }

  leaders(): readonly string[] {
    return this.#leaders;
  }

  [Symbol.dispose](): void {
    this.#looks[Symbol.dispose]();
  }
}
