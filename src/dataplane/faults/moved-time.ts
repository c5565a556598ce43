/**
 * Points in time as messages write them, moved by whole seconds and written in the same form. What is none of the forms is undefined: it is to stay
 * as it is. Numbers do not say what they count, so their size decides.
 */

/** `Sat, 21 Nov 2026 12:55:36 GMT`, which alone may be sent (RFC 9110 §5.6.7). */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;
/** `2026-11-21T12:55:36.123+01:00` (RFC 3339): up to the seconds, their fraction, and the zone. */
const ISO_DATE = /^(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/** 1973 in seconds: fewer are a time from now, like the `expires_in` of a token. */
const EPOCH_S_MIN = 1e8;
/** 1973 in milliseconds, and the year 5138 in seconds. */
const EPOCH_MS_MIN = 1e11;
/** As far as dates go; what is larger counts something else. */
const EPOCH_MS_MAX = 8.64e15;

/** A date as text. One with an offset keeps it. */
export function movedText(text: string, bySeconds: number): string | undefined {
  if (HTTP_DATE.test(text)) return moved(Date.parse(text), bySeconds)?.toUTCString();
  const [, seconds, fraction = '', zone = ''] = ISO_DATE.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  // Read as if it were UTC and written so: the offset has no part in the difference.
  const iso = moved(Date.parse(`${seconds.replace(/[t ]/, 'T')}Z`), bySeconds)?.toISOString();
  return iso && `${iso.slice(0, 10)}${seconds[10]}${iso.slice(11, 19)}${fraction}${zone}`;
}

/** Seconds or milliseconds since 1970, or seconds from now, which do not become negative. */
export function movedNumber(value: number, bySeconds: number): number | undefined {
  if (!(value >= 0 && value <= EPOCH_MS_MAX)) return undefined;
  if (value >= EPOCH_MS_MIN) return value + bySeconds * 1_000;
  return value >= EPOCH_S_MIN ? value + bySeconds : Math.max(0, value + bySeconds);
}

/** Undefined for a day that does not exist, and beyond the years of four digits. */
function moved(epochMs: number, bySeconds: number): Date | undefined {
  const date = new Date(epochMs + bySeconds * 1_000);
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9_999 ? date : undefined;
}
