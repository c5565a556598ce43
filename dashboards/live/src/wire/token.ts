/** The token of a daemon that is not on loopback. Kept for this tab alone, and gone with it. */
import { signal } from '@preact/signals';

const KEPT_AS = 'faultlab.token';

/** The daemon asked for a token, or refused the one that it got: the shell asks the person. */
export const isTokenNeeded = signal(false);

let held: string | undefined;

export function tokenHeader(): Record<string, string> {
  held ??= kept();
  return held === undefined ? {} : { authorization: `Bearer ${held}` };
}

export function keepToken(token: string): void {
  held = token;
  isTokenNeeded.value = false;
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
