/** A second on a link in which nothing happened but what a test says. */
import type { LinkSecond } from '../../src/journal/link-second.js';

const NOTHING: LinkSecond = {
  link: 'a->b',
  second: 0,
  requests: 0,
  errors: 0,
  faulted: 0,
  answers2xx: 0,
  answers3xx: 0,
  answers4xx: 0,
  answers5xx: 0,
  p50Ms: null,
  p90Ms: null,
  p99Ms: null,
  bytesUp: 0,
  bytesDown: 0,
  connections: null,
};

export function linkSecond(over: Partial<LinkSecond>): LinkSecond {
  return { ...NOTHING, ...over };
}
