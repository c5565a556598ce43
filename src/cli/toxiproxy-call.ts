/** One call of the Toxiproxy API, for commands that work on our daemon and on a Toxiproxy server alike. */
import { LabError, reasonOf } from '../core/errors.js';
import { type ConnectOptions, readToken } from './connection.js';

const CALL_TIMEOUT_MS = 30_000;

export interface ToxicJson {
  name: string;
  type: string;
  stream: string;
  toxicity: number;
  attributes: Readonly<Record<string, unknown>>;
}

export interface ProxyJson {
  name: string;
  listen: string;
  upstream: string;
  enabled: boolean;
  toxics: readonly ToxicJson[];
}

/** Path of a proxy, of its toxics, or of one of them. */
export function pathOf(proxy: string, ...more: readonly string[]): string {
  return ['/proxies', proxy, ...more].map((part, i) => (i === 0 ? part : encodeURIComponent(part))).join('/');
}

/** Rejects with DAEMON_UNREACHABLE, or REQUEST_INVALID in the server's words. */
export async function callToxiproxy<T>(
  options: ConnectOptions,
  { method, path, body }: { method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; path: string; body?: unknown },
): Promise<T> {
  const token = readToken(options.tokenFile);
  const url = options.connect.replace(/\/$/, '');
  let answer: { status: number; text: string };
  try {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    answer = { status: response.status, text: await response.text() };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new LabError('DAEMON_UNREACHABLE', { url, reason: reasonOf(cause) }, { cause: error });
  }
  if (answer.status >= 400) throw new LabError('REQUEST_INVALID', { problems: errorOf(answer) });
  return (answer.text === '' ? undefined : JSON.parse(answer.text)) as T;
}

function errorOf({ status, text }: { status: number; text: string }): string {
  try {
    return (JSON.parse(text) as { error: string }).error;
  } catch {
    return `status ${status}: ${text.trim().slice(0, 200)}`;
  }
}
