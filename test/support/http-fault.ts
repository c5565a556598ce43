/** HTTP faults without a link: what one says of a message, and what its edit makes of a body. */
import type { BodyEdit, HttpDecision, HttpFaultContext, TcpEffects } from '../../src/dataplane/faults/fault.js';
import { Gate } from '../../src/dataplane/faults/gate.js';
import { type ParsedRequest, parseRequestHead } from '../../src/dataplane/http/request-head.js';
import { parseResponseHead } from '../../src/dataplane/http/response-head.js';
import { get } from './http.js';

export interface MessageGiven {
  /** Head of the request. */
  request?: string;
  /** Head of the response, in the response phase. */
  response?: string;
  random?: () => number;
  nowMs?: number;
  from?: string;
  source?: string;
}

/** Contexts of messages that meet the same fault: they share its state. */
export function contexts(): (given?: MessageGiven) => HttpFaultContext {
  let state: unknown;
  return ({ request = get(), response, random = () => 0, nowMs = 0, from = 'a', source } = {}) => {
    const parsed = parseRequestHead(request) as ParsedRequest;
    const answer = response === undefined ? undefined : parseResponseHead(response, parsed.method);
    if (typeof answer === 'string') throw new Error(answer);
    return {
      request: parsed,
      ...(answer !== undefined && { response: answer }),
      random,
      nowMs,
      from,
      to: 'b',
      source: () => source,
      gate: () => new Gate(),
      shared: <T>(create: () => T): T => {
        state ??= create();
        return state as T;
      },
    };
  };
}

/** The head of a response of that status with these fields. */
export function answer(status = 200, fields: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Reason\r\n${lines.join('')}\r\n`;
}

/** What a fault says of messages that come one after the other. */
export function decider<P>(
  fault: { schema: { parse(value: unknown): P }; decide(params: P, context: HttpFaultContext): HttpDecision },
  value: unknown = {},
): (given?: MessageGiven) => HttpDecision {
  const params = fault.schema.parse(value);
  const contextOf = contexts();
  return (given) => fault.decide(params, contextOf(given));
}

/** What an edit makes of a body that comes in these pieces. */
export function editBody(edit: BodyEdit | undefined, pieces: readonly (string | Buffer)[]): Buffer {
  const chunks = pieces.map((piece) => Buffer.from(piece as string));
  if (edit === undefined) return Buffer.concat(chunks);
  if (edit.kind === 'whole') return edit.rewrite(Buffer.concat(chunks)).body;
  const passed: Buffer[] = [];
  let hasEnded = false;
  const transform = edit.open();
  const effects = (bytes: Buffer | undefined): TcpEffects => ({
    nowMs: 0,
    heldBytes: 0,
    pass: () => {
      if (bytes === undefined) hasEnded = true;
      else passed.push(bytes);
    },
    passBytes: (piece) => void passed.push(piece),
    end: () => {
      hasEnded = true;
    },
    release: () => {},
    close: () => {},
    reset: () => {},
    tickIn: () => {},
  });
  for (const bytes of chunks) transform({ kind: 'data', bytes }, effects(bytes));
  transform({ kind: 'end' }, effects(undefined));
  if (!hasEnded) throw new Error('the body has no end');
  return Buffer.concat(passed);
}
