/** The clocks of a run's instances that a fault will set: each follows a file of its own, so that it can be set alone. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { PlannedService } from '../../experiment/plan.js';
import { findFaketime, setClock, steeredBy } from './steered-clock.js';

export class SteeredClocks {
  readonly #folder: string;
  readonly #instances: ReadonlySet<string>;
  #library = '';

  /** `folder` is where the files lie; it is made when it is needed. */
  constructor(folder: string, services: readonly PlannedService[]) {
    this.#folder = resolve(folder);
    const steered = services.flatMap(({ instances }) => instances.filter(({ needs }) => needs?.includes('steeredClock')));
    this.#instances = new Set(steered.map(({ name }) => name));
  }

  /** To be called before the first of them is started. Throws FAKETIME_MISSING, if any needs it. */
  prepare(): void {
    if (this.#instances.size === 0) return;
    this.#library = findFaketime();
    mkdirSync(this.#folder, { recursive: true });
    for (const instance of this.#instances) setClock(this.#file(instance), 'right');
  }

  /** Undefined for an instance whose clock is the machine's. */
  fileOf(instance: string): string | undefined {
    return this.#instances.has(instance) ? this.#file(instance) : undefined;
  }

  /** What is added to the environment of an instance. */
  environmentOf(instance: string, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const file = this.fileOf(instance);
    if (file === undefined) return {};
    return steeredBy(file, { library: this.#library, preloaded: given['LD_PRELOAD'] ?? process.env['LD_PRELOAD'] });
  }

  #file(instance: string): string {
    return join(this.#folder, instance);
  }
}
