/**
 * Keeps web pages out of the Toxiproxy routes without keeping any of its clients out. Toxiproxy refuses agents that begin with `Mozilla/`;
 * a page whose name was rebound to loopback may claim another agent, but its browser adds headers that it cannot take away.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { hostOf, isLoopback } from '../guard.js';

/** Sent by browsers of their own accord, and by none of Toxiproxy's clients. With a write, no page can leave `Origin` out. */
const MARKS = ['origin', 'referer', 'sec-fetch-site', 'cookie'];
/** What `fetch` outside of browsers says. */
const ANY_LANGUAGE = '*';

/** Toxiproxy's own rule. */
export function claimsToBeBrowser(headers: IncomingHttpHeaders): boolean {
  return headers['user-agent']?.startsWith('Mozilla/') ?? false;
}

/** A browser that takes some other name for this machine's loopback. */
export function isReboundPage(headers: IncomingHttpHeaders, listenHost: string): boolean {
  if (headers.host === undefined || !isLoopback(listenHost) || isLoopback(hostOf(headers.host))) return false;
  return MARKS.some((mark) => headers[mark] !== undefined) || (headers['accept-language'] ?? ANY_LANGUAGE) !== ANY_LANGUAGE;
}
