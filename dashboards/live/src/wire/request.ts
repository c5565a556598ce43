/** Requests to the daemon that serves this page. What it refuses comes back in its own words: sentence, hint and code of the error table. */
import { tokenHeader, tokenRefused } from './token.js';

/** The daemon refused, or could not be reached (`status` 0). */
export class RequestFailed extends Error {
  override name = 'RequestFailed';
  readonly status: number;
  /** Of the error table; `UNREACHABLE` where no answer came. */
  readonly code: string;
  readonly hint: string | undefined;

  constructor(
    message: string,
    { status, code, hint, cause }: { status: number; code: string; hint?: string | undefined; cause?: unknown },
  ) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** The page lies in a folder of its own beside the routes, also where a proxy puts both under a path. */
export function daemonUrl(path: string): string {
  return new URL(`..${path}`, document.baseURI).href;
}

/** Asks a route of the daemon (`/v1/…`). Throws RequestFailed for every answer but 2xx; an abort stays an abort. */
export async function send(path: string, { method = 'GET', body, signal }: RequestOptions = {}): Promise<Response> {
  const headers: Record<string, string> = tokenHeader();
  if (method !== 'GET') headers['content-type'] = 'application/json';
  const init: RequestInit = { method, headers, cache: 'no-store' };
  if (signal !== undefined) init.signal = signal;
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(daemonUrl(path), init).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw new RequestFailed('the daemon cannot be reached', { status: 0, code: 'UNREACHABLE', hint: 'is it still running?', cause });
  });
  if (response.ok) return response;
  const failure = await failureOf(response);
  if (failure.code === 'TOKEN_NEEDED') tokenRefused(headers);
  throw failure;
}

/** As `send`, and reads the JSON of the answer; an answer without a body is undefined. The caller says what it expects: both sides share the types. */
export async function ask<Answer>(path: string, options?: RequestOptions): Promise<Answer> {
  const response = await send(path, options);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

async function failureOf(response: Response): Promise<RequestFailed> {
  const { status } = response;
  const text = await response.text().catch(() => '');
  try {
    const { error, hint, code } = JSON.parse(text) as { error?: string; hint?: string; code?: string };
    return new RequestFailed(error ?? `the daemon answered ${status}`, { status, code: code ?? 'UNKNOWN', hint });
  } catch {
    return new RequestFailed(`the daemon answered ${status}`, { status, code: 'UNKNOWN' });
  }
}
