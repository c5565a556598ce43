/**
 * Who may talk to the control API. A daemon on loopback can be reached by any web page that the same person opens, so `Host` and `Origin` are checked and
 * writes must be JSON (which a page elsewhere cannot send without asking first). Any address but loopback needs a token.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { LabError } from '../core/errors.js';

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

export function guard(options: GuardOptions): MiddlewareHandler {
  return async function guard(c, next) {
    const host = c.req.header('host');
    refuseForeignHost(host, options);
    refuseForeignOrigin(c.req.header('origin'), host);
    demandToken(c.req.header('authorization'), options.token);
    const hasBody = c.req.method !== 'GET' && c.req.method !== 'HEAD' && Number(c.req.header('content-length') ?? 0) > 0;
    if (hasBody && !c.req.header('content-type')?.startsWith('application/json')) {
      throw new LabError('REQUEST_INVALID', { problems: 'expected content-type application/json' });
    }
    await next();
  };
}
