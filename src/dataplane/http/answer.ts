/** Answers that this link writes itself, as bytes. They are framed by Content-Length, so that the connection can go on where the caller allows it. */
import { STATUS_CODES } from 'node:http';
import type { Ending } from '../../journal/ending.js';
import type { ExchangeEnd } from '../../journal/observations.js';
import type { Answer } from './open-exchange.js';
import type { ParsedRequest } from './request-head.js';
import type { Substitute } from './rule-on.js';

interface Content {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: string | Buffer;
}

/** `request` is undefined when it was refused unread; `mayKeepAlive` false says that the connection cannot go on for reasons of ours. */
export function createAnswer(
  { status, headers = {}, body }: Content,
  { request, mayKeepAlive, end }: { request: ParsedRequest | undefined; mayKeepAlive: boolean; end: ExchangeEnd },
): Answer {
  const closes = !mayKeepAlive || request === undefined || !request.keepsAlive;
  const hasBody = status !== 204 && status !== 304;
  const content = hasBody ? bytesOf(body) : Buffer.alloc(0);
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
  for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`;
  if (hasBody) head += `Content-Length: ${content.length}\r\n`;
  if (closes) head += 'Connection: close\r\n';
  else if (request.version === '1.0') head += 'Connection: keep-alive\r\n';
  const headBytes = Buffer.from(`${head}\r\n`, 'latin1');
  const bytes = request?.method === 'HEAD' ? headBytes : Buffer.concat([headBytes, content]);
  return { status, bytes, ending: closes ? 'close' : 'keep', end };
}

/** What the caller gets in place of the callee's answer; undefined: nothing at all. */
export function createSubstitute(
  outcome: Substitute,
  { request, mayKeepAlive }: { request: ParsedRequest | undefined; mayKeepAlive: boolean },
): Answer | undefined {
  if (outcome.kind === 'reply') return createAnswer(outcome, { request, mayKeepAlive, end: 'complete' });
  const { ending } = outcome;
  if (ending === 'hang') return undefined;
  return { status: undefined, bytes: outcome.kind === 'raw' ? outcome.bytes : Buffer.alloc(0), ending, end: 'faultReset' };
}

/** Who ends an exchange by this answer; undefined where it only tells the caller what had ended it before. */
export function endingOfAnswer({ end, ending }: Answer): Ending | undefined {
  if (end === 'complete') return { endedBy: 'fault', endedHow: 'answer' };
  if (end === 'faultReset') return { endedBy: 'fault', endedHow: ending === 'reset' ? 'rst' : 'fin' };
  return end === 'malformedRequest' || end === 'malformedResponse' ? { endedBy: 'link', endedHow: 'answer' } : undefined;
}

/** A refusal of ours, told in one line of text. */
export function createRefusal(
  status: number,
  sentence: string,
  { request, end }: { request: ParsedRequest | undefined; end: ExchangeEnd },
): Answer {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
  return createAnswer({ status, headers, body: `${sentence}\n` }, { request, mayKeepAlive: false, end });
}

function bytesOf(body: string | Buffer): Buffer {
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
}
