/** Who waits for an entry to be decided. They are told once it is, or once it is known that this entry never will be here. */
import type { Member } from './member.js';

interface Awaited {
  /** Entries up to it. */
  readonly length: number;
  readonly term: number;
}

/** More are not waited for: their entries may still be decided, but nobody is told. */
const WAITERS_MAX = 1_000;

export class Waiting {
  #waiters: readonly (Awaited & { tell: (isDone: boolean) => void })[] = [];

  /** False as well where too many wait already. */
  until(awaited: Awaited): Promise<boolean> {
    if (this.#waiters.length >= WAITERS_MAX) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#waiters = [...this.#waiters, { ...awaited, tell: resolve }];
    });
  }

  /** To be called with every state that the member comes to. */
  look(member: Member): void {
    if (this.#waiters.length === 0) return;
    this.#waiters = this.#waiters.filter(({ length, term, tell }) => {
      const fate = fateOf(member, { length, term });
      if (fate !== undefined) tell(fate);
      return fate === undefined;
    });
  }
}

/** Undefined: it is not known yet. Who leads no more cannot know, and says so. */
function fateOf({ log, committed, role, term: now }: Member, { length, term }: Awaited): boolean | undefined {
  if (log[length - 1]?.term !== term) return false;
  if (committed >= length) return true;
  return role.kind === 'leader' && now === term ? undefined : false;
}
