import { describe, expect, it } from 'vitest';
import type { BodyLength } from '../../../src/dataplane/faults/fault.js';
import { ParsedRequest, parseRequestHead } from '../../../src/dataplane/http/request-head.js';
import { type ParsedResponse, parseResponseHead } from '../../../src/dataplane/http/response-head.js';
import { outgoingOf, requestSubject, responseSubject, type Subject, sortEdits } from '../../../src/dataplane/http/rewrite-plan.js';
import { messageFault, streamEdit, wholeEdit } from '../../support/http-fault.js';

const fault = messageFault('up', () => ({ kind: 'continue' }));

function request(line: string, ...fields: string[]): Subject<unknown> {
  const parsed = parseRequestHead([line, 'Host: b', ...fields, '', ''].join('\r\n'));
  if (parsed instanceof ParsedRequest) return requestSubject(parsed);
  throw new Error(parsed);
}

function response(line: string, ...fields: string[]): Subject<unknown> {
  return answerTo({ method: 'GET', version: '1.1' }, line, ...fields);
}

function answerTo(asked: { method: string; version: '1.0' | '1.1' }, line: string, ...fields: string[]): Subject<unknown> {
  return responseSubject(parseResponseHead([line, ...fields, '', ''].join('\r\n'), asked.method) as ParsedResponse, asked);
}

const SUBJECTS = {
  get: request('GET / HTTP/1.1'),
  put: request('PUT / HTTP/1.1', 'Content-Length: 5'),
  putInChunks: request('PUT / HTTP/1.1', 'Transfer-Encoding: chunked'),
  oldPut: request('PUT / HTTP/1.0', 'Content-Length: 5'),
  gzippedPut: request('PUT / HTTP/1.1', 'Transfer-Encoding: gzip, chunked'),
  upgrade: request('GET / HTTP/1.1', 'Connection: upgrade', 'Upgrade: x'),
  ok: response('HTTP/1.1 200 OK', 'Content-Length: 5'),
  empty: response('HTTP/1.1 200 OK', 'Content-Length: 0'),
  inChunks: response('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'),
  untilClose: response('HTTP/1.1 200 OK'),
  notModified: response('HTTP/1.1 304 Not Modified', 'Content-Length: 5'),
  toHead: answerTo({ method: 'HEAD', version: '1.1' }, 'HTTP/1.1 200 OK', 'Content-Length: 5'),
  toOld: answerTo({ method: 'GET', version: '1.0' }, 'HTTP/1.1 200 OK', 'Content-Length: 5'),
  ofOld: response('HTTP/1.0 200 OK', 'Content-Length: 5'),
} as const;
type Name = keyof typeof SUBJECTS;
const NAMES = Object.keys(SUBJECTS) as Name[];

function possibleFor(decision: ReturnType<typeof streamEdit>): Name[] {
  if (decision.kind !== 'edit') throw new Error(decision.kind);
  return NAMES.filter((name) => sortEdits([{ fault, ...decision }], SUBJECTS[name]).possible.length === 1);
}

describe('an edit can be made', () => {
  const readable: Name[] = ['get', 'put', 'putInChunks', 'oldPut', 'ok', 'empty', 'inChunks', 'untilClose', 'toOld', 'ofOld'];
  const without = (...names: Name[]): Name[] => readable.filter((name) => !names.includes(name));

  it('on any head', () => {
    expect(possibleFor({ kind: 'edit', head: { set: { a: 'b' } } })).toEqual(NAMES);
  });

  it('on a whole body that can be read and may be there', () => {
    expect(possibleFor(wholeEdit((text) => text))).toEqual(readable);
  });

  it('on a whole body only if it is not known to be too large', () => {
    expect(possibleFor(wholeEdit((text) => text, { bytesMax: 4 }))).toEqual(['get', 'putInChunks', 'empty', 'inChunks', 'untilClose']);
  });

  it('on a stream of it where there is one, or another can take its place', () => {
    expect(possibleFor(streamEdit('same'))).toEqual(without('get', 'empty'));
    expect(possibleFor(streamEdit(3))).toEqual(readable);
    expect(possibleFor(streamEdit('unknown'))).toEqual(without('get', 'oldPut'));
    expect(possibleFor(streamEdit('raw'))).toEqual(without('get', 'oldPut', 'toOld', 'ofOld'));
  });

  it('on an answer that had no body, if its new status allows one', () => {
    const edit = wholeEdit(() => 'new', { bytesMax: 10 });
    if (edit.kind !== 'edit') throw new Error(edit.kind);
    expect(sortEdits([{ fault, ...edit, head: { status: 200 } }], SUBJECTS.notModified).possible).toHaveLength(1);
    expect(sortEdits([{ fault, ...edit, head: { status: 200 } }], SUBJECTS.toHead).possible).toHaveLength(0);
  });
});

describe('a message goes out', () => {
  const outgoing = (name: Name, { status, body, lengths = [] }: { status?: number; body?: string; lengths?: BodyLength[] } = {}) =>
    outgoingOf(SUBJECTS[name], {
      edit: status === undefined ? {} : { status },
      body: body === undefined ? undefined : Buffer.from(body),
      lengths,
    });

  it('framed as it came, if its length does not change', () => {
    expect(outgoing('put', { body: 'abcde' })).toEqual({ field: 'asItCame', frame: 5 });
    expect(outgoing('put', { lengths: ['same'] })).toEqual({ field: 'asItCame', frame: 5 });
    expect(outgoing('inChunks', { body: 'abc' })).toEqual({ field: 'asItCame', frame: 'chunked' });
    expect(outgoing('untilClose', { lengths: ['same'] })).toEqual({ field: 'asItCame', frame: 'untilClose' });
    expect(outgoing('get', { body: '' })).toEqual({ field: 'asItCame', frame: 'none' });
    expect(outgoing('empty')).toEqual({ field: 'asItCame', frame: 'none' });
  });

  it('with the length that it has got', () => {
    expect(outgoing('put', { body: 'abc' })).toEqual({ field: 3, frame: 3 });
    expect(outgoing('put', { body: '' })).toEqual({ field: 0, frame: 'none' });
    expect(outgoing('get', { body: 'abc' })).toEqual({ field: 3, frame: 3 });
    expect(outgoing('inChunks', { lengths: [3] })).toEqual({ field: 3, frame: 3 });
    expect(outgoing('untilClose', { lengths: [9, 3] })).toEqual({ field: 3, frame: 3 });
  });

  it('in chunks if nobody knows its length, or until the end of the connection where there are no chunks', () => {
    expect(outgoing('ok', { lengths: ['same', 'unknown', 3] })).toEqual({ field: 'chunked', frame: 'chunked' });
    expect(outgoing('inChunks', { lengths: ['unknown'] })).toEqual({ field: 'asItCame', frame: 'chunked' });
    expect(outgoing('toOld', { lengths: ['unknown'] })).toEqual({ field: 'untilClose', frame: 'untilClose' });
    expect(outgoing('ofOld', { lengths: ['unknown'] })).toEqual({ field: 'untilClose', frame: 'untilClose' });
    expect(outgoing('ok', { lengths: ['unknown', 'raw'] })).toEqual({ field: 'chunked', frame: 'raw' });
  });

  it('without a body where its status allows none, and with an empty one where it did not', () => {
    expect(outgoing('ok', { status: 204 })).toEqual({ field: 'none', frame: 'none' });
    expect(outgoing('ok', { status: 304, lengths: ['unknown'] })).toEqual({ field: 'none', frame: 'none' });
    expect(outgoing('notModified', { status: 200 })).toEqual({ field: 0, frame: 'none' });
    expect(outgoing('notModified')).toEqual({ field: 'asItCame', frame: 'none' });
    expect(outgoing('toHead', { lengths: ['unknown'] })).toEqual({ field: 'asItCame', frame: 'none' });
  });
});
