/** HTTP faults for tests: what one says of a message without a link, what its edit makes of a body, and faults that say what a test wants. */
import { z } from 'zod';
import { hostClock } from '../../src/core/clock.js';
import { ActiveFault } from '../../src/dataplane/faults/active-fault.js';
import {
  type BodyEdit,
  type BodyLength,
  defineHttpFault,
  type HeadEdit,
  type HttpDecision,
  type HttpFault,
  type HttpFaultContext,
  type TcpEffects,
  type TcpTransform,
} from '../../src/dataplane/faults/fault.js';
import { Gate } from '../../src/dataplane/faults/gate.js';
import { faultSpecSchema } from '../../src/dataplane/faults/spec.js';
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
  if (edit.kind === 'whole') {
    const whole = Buffer.concat(chunks);
    return edit.rewrite(whole)?.body ?? whole;
  }
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

/** A fault that is on and says just this of each message. */
export function messageFault(
  direction: 'up' | 'down',
  decide: (context: HttpFaultContext) => HttpDecision,
  { id = 'test', order = 1 }: { id?: string; order?: number } = {},
): ActiveFault {
  const schema = z.strictObject({});
  const definition = defineHttpFault({
    name: id,
    summary: 'Test.',
    schema,
    example: {},
    defaultDirection: direction,
    order,
    decide: (_, it) => decide(it),
  });
  const spec = faultSpecSchema.parse({ id, type: id, proxies: ['test'] });
  return new ActiveFault({ run: 'test', spec, definition: definition as unknown as HttpFault, params: {}, sinceMs: hostClock.nowMs() });
}

/** An edit of the body as a stream: every piece of it, changed. */
export function streamEdit(length: BodyLength, change: (bytes: Buffer) => Buffer = (bytes) => bytes): HttpDecision {
  const open = (): TcpTransform => (signal, effects) => {
    if (signal.kind === 'data') effects.passBytes(change(signal.bytes));
    else effects.pass();
  };
  return { kind: 'edit', body: { kind: 'stream', length, open } };
}

/** An edit of the body as a whole. */
export function wholeEdit(
  change: (text: string) => string,
  { bytesMax = 1024, head }: { bytesMax?: number; head?: HeadEdit } = {},
): HttpDecision {
  const rewrite = (body: Buffer) => ({ body: Buffer.from(change(body.toString('latin1')), 'latin1'), ...(head && { head }) });
  return { kind: 'edit', body: { kind: 'whole', bytesMax, rewrite } };
}
