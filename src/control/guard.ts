/**
 * Who may talk to the control API. A daemon on loopback can be reached by any web page that the same person opens, so `Host` and `Origin` are checked and
 * writes must be JSON (which a page elsewhere cannot send without asking first). Any address but loopback needs a token.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { LabError } from '../core/errors.js';

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

export interface GuardOptions {
  /** The address that the API listens on. */
  host: string;
  token?: string | undefined;
}

/** True for names and addresses that never leave the machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

export function hostOf(header: string): string {
  return header.replace(/:\d+$/, '');
}

function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** A name that resolves to loopback but is not loopback's own name is how a rebinding page gets in. */
function refuseForeignHost(host: string | undefined, options: GuardOptions): void {
  if (host === undefined || !isLoopback(options.host)) return;
  if (!isLoopback(hostOf(host))) throw new LabError('HOST_REFUSED', { reason: `Host "${host}" is not this machine's loopback` });
}

function refuseForeignOrigin(origin: string | undefined, host: string | undefined): void {
  if (origin === undefined) return;
  let from: string;
  try {
    from = new URL(origin).host;
  } catch {
    from = 'unreadable';
  }
  if (from !== host) throw new LabError('HOST_REFUSED', { reason: `Origin "${origin}" is another site` });
}

/**
 * The token, as `Bearer TOKEN` or as the password of `Basic`: clients that know no header of their own can still carry it in their URL, like
 * `http://any:TOKEN@host:8474`.
 */
function tokenOf(authorization: string): string | undefined {
  const [, scheme = '', credentials = ''] = /^(\w+) (.+)$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  return /:(.*)$/s.exec(Buffer.from(credentials, 'base64').toString())?.[1];
}

/** Throws TOKEN_NEEDED if there is a token and the caller has not sent it. */
export function demandToken(authorization: string | undefined, token: string | undefined): void {
  if (token === undefined) return;
  const given = tokenOf(authorization ?? '');
  if (given === undefined || !same(given, token)) throw new LabError('TOKEN_NEEDED', {});
}

/** A browser says of itself who made it ask; what another site made it ask is refused, also where it leaves `Origin` out. */
function refuseForeignSite(site: string | undefined): void {
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new LabError('HOST_REFUSED', { reason: `the request comes from a page elsewhere (Sec-Fetch-Site: ${site})` });
}

/** Types that a page elsewhere can send without asking first are none of ours, whether there is a body or not. */
function refuseForeignType(type: string | undefined, hasBody: boolean): void {
  if (type === undefined ? !hasBody : JSON_TYPE.test(type)) return;
  throw new LabError('REQUEST_INVALID', { problems: `expected content-type application/json, found ${type ?? 'none'}` });
}

/** For files that hold no data: whoever comes by our own name may have them. */
export function guardHost(options: GuardOptions): MiddlewareHandler {
  return async function guardHost(c, next) {
    refuseForeignHost(c.req.header('host'), options);
    await next();
  };
}

export function guard(options: GuardOptions): MiddlewareHandler {
  return async function guard(c, next) {
    const host = c.req.header('host');
    refuseForeignHost(host, options);
    refuseForeignOrigin(c.req.header('origin'), host);
    refuseForeignSite(c.req.header('sec-fetch-site'));
    demandToken(c.req.header('authorization'), options.token);
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      const hasBody = Number(c.req.header('content-length') ?? 0) > 0 || c.req.header('transfer-encoding') !== undefined;
      refuseForeignType(c.req.header('content-type'), hasBody);
    }
    await next();
  };
}
