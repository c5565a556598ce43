/** The parts of a request target, in origin-form or absolute-form, that conditions look at. Nothing is decoded in a path: it is compared as it was sent. */

import type { RequestHead } from './fault.js';

/** The path of a request's target. Many faults ask for it of one request after the other, so a head may know it. */
export function pathOf({ path, target }: RequestHead): string {
  return path ?? pathIn(target);
}

/** The path of a target, without the query; `*` and an authority are their own. */
export function pathIn(target: string): string {
  const query = target.indexOf('?');
  const whole = query < 0 ? target : target.slice(0, query);
  if (whole.startsWith('/')) return whole;
  const scheme = whole.indexOf('://');
  if (scheme < 0) return whole;
  const slash = whole.indexOf('/', scheme + 3);
  return slash < 0 ? '/' : whole.slice(slash);
}

/** The values of one query parameter, decoded, in order. */
export function queryValuesOf(target: string, name: string): readonly string[] {
  const query = target.indexOf('?');
  return query < 0 ? [] : new URLSearchParams(target.slice(query)).getAll(name);
}
