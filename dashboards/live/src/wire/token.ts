/** The token of a daemon that is not on loopback. Kept for this tab alone, and gone with it. */
import { computed, signal } from '@preact/signals';

const KEPT_AS = 'faultlab.token';

/** What the daemon made of the last request: `missing`: it asks for a token; `refused`: it does not take the one that it got. */
export const tokenState = signal<'fine' | 'missing' | 'refused'>('fine');
/** The shell asks the person. */
export const isTokenNeeded = computed(() => tokenState.value !== 'fine');

let held: string | undefined;

export function tokenHeader(): Record<string, string> {
  held ??= kept();
  return held === undefined ? {} : { authorization: `Bearer ${held}` };
}

/** A request with this header was refused. What was sent before the token that is held now tells nothing of that one. */
export function tokenRefused({ authorization }: Readonly<Record<string, string>>): void {
  if (authorization === tokenHeader()['authorization']) tokenState.value = authorization === undefined ? 'missing' : 'refused';
}

export function keepToken(token: string): void {
  held = token;
  tokenState.value = 'fine';
  try {
    sessionStorage.setItem(KEPT_AS, token);
  } catch {
    // Then it is asked for again when the page is loaded anew.
  }
}

function kept(): string | undefined {
  try {
    return sessionStorage.getItem(KEPT_AS) ?? undefined;
  } catch {
    return undefined;
  }
}
