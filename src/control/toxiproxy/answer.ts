/** What a route answers, in the few forms that Toxiproxy has: which content type and whether a newline ends the body differs from one to the next. */
import type { ServerResponse } from 'node:http';
import type { ApiError } from './api-error.js';
import { objectText, stringText } from './json-text.js';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const PLAIN = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };

export function json(status: number, body: string): Answer {
  return { status, headers: { 'Content-Type': 'application/json' }, body };
}

export function plain(status: number, line: string): Answer {
  return { status, headers: PLAIN, body: `${line}\n` };
}

export function empty(status: number, headers: Answer['headers'] = {}): Answer {
  return { status, headers, body: '' };
}

/** `{"error":"…","status":N}`, with what else is to stand in it. */
export function errorText({ message, status }: ApiError, ...more: readonly (readonly [string, string])[]): string {
  return objectText([['error', stringText(message)], ['status', String(status)], ...more]);
}

export function refusal(error: ApiError): Answer {
  return plain(error.status, errorText(error));
}

export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const bytes = Buffer.from(body);
  const length = status === 204 ? {} : { 'Content-Length': String(bytes.length) };
  response.writeHead(status, { ...headers, ...length });
  response.end(bytes);
}
