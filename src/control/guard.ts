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

function hostOf(header: string): string {
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

export function guard(options: GuardOptions): MiddlewareHandler {
  return async function guard(c, next) {
    const host = c.req.header('host');
    refuseForeignHost(host, options);
    refuseForeignOrigin(c.req.header('origin'), host);
    if (options.token !== undefined) {
      const given = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
      if (given === undefined || !same(given, options.token)) throw new LabError('TOKEN_NEEDED', {});
    }
    const hasBody = c.req.method !== 'GET' && c.req.method !== 'HEAD' && Number(c.req.header('content-length') ?? 0) > 0;
    if (hasBody && !c.req.header('content-type')?.startsWith('application/json')) {
      throw new LabError('REQUEST_INVALID', { problems: 'expected content-type application/json' });
    }
    await next();
  };
}
