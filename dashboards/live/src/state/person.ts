/** Who sits at this page, as they call themselves: it stands beside what they decide and note. Kept in this browser; nobody checks that it is true. */
import { signal } from '@preact/signals';

const KEPT_AS = 'faultlab.name';
export const NAME_CHARACTERS_MAX = 100;

export const personName = signal(kept());

export function callMyself(name: string): void {
  personName.value = name.slice(0, NAME_CHARACTERS_MAX);
  try {
    localStorage.setItem(KEPT_AS, personName.value);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

function kept(): string {
  try {
    return (localStorage.getItem(KEPT_AS) ?? '').slice(0, NAME_CHARACTERS_MAX);
  } catch {
    return '';
  }
}
