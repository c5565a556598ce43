/** Instants as people write them, in the time of whoever looks. */
const MINUTE_MS = 60e3;
const DAY_MS = 86_400e3;

/** `22 Nov 2026, 01:43`; 0 is an instant that nobody noted. */
export function sayWhen(wallMs: number): string {
  if (!(wallMs > 0)) return '–';
  return new Date(wallMs).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}

/** `5 min ago`, `3 h ago`, `12 d ago`. */
export function sayAge(ageMs: number): string {
  if (!Number.isFinite(ageMs) || ageMs < MINUTE_MS) return 'just now';
  if (ageMs < 60 * MINUTE_MS) return `${Math.floor(ageMs / MINUTE_MS)} min ago`;
  if (ageMs < 2 * DAY_MS) return `${Math.floor(ageMs / (60 * MINUTE_MS))} h ago`;
  return `${Math.floor(ageMs / DAY_MS)} d ago`;
}
