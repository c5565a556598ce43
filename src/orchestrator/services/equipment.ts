/** What instances are started with beyond argv and environment, because a fault of the plan will want to get at it: clocks that can be set, data folders. */
import type { PlannedService } from '../../experiment/plan.js';
import type { NewEvent } from '../../journal/events.js';
import type { RunFolder } from '../../journal/store.js';
import { DataFolders } from './data-folders.js';
import { forgetClockOf } from './steered-clock.js';
import { SteeredClocks } from './steered-clocks.js';

export class Equipment {
  readonly data: DataFolders;
  readonly #clocks: SteeredClocks;

  constructor(
    { clocks, data, run }: Pick<RunFolder, 'clocks' | 'data' | 'run'>,
    { services, note }: { services: readonly PlannedService[]; note(event: NewEvent): void },
  ) {
    this.#clocks = new SteeredClocks(clocks, services);
    this.data = new DataFolders({ own: data, run, services, note });
  }

  /** Before anything is started. Rejects with FAKETIME_MISSING or DATA_UNWRITABLE. */
  async prepare(): Promise<void> {
    this.#clocks.prepare();
    await this.data.prepare();
  }

  /** The file that the clock of an instance follows; undefined where it is the machine's. */
  clockFile(instance: string): string | undefined {
    return this.#clocks.fileOf(instance);
  }

  /** What is added to the environment of an instance. */
  environmentOf(instance: string, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return this.#clocks.environmentOf(instance, given);
  }

  /** Its process has ended. */
  forget(instance: string, pid: number): void {
    if (this.clockFile(instance) !== undefined) forgetClockOf(pid);
  }
}
