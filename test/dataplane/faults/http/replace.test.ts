import { describe, expect, it } from 'vitest';
import type { BodyEdit } from '../../../../src/dataplane/faults/fault.js';
import { replace } from '../../../../src/dataplane/faults/http/replace.js';
import { get } from '../../../support/http.js';
import { answer, decider, editBody } from '../../../support/http-fault.js';

const bodyOf = (decision: unknown): BodyEdit | undefined => (decision as { body?: BodyEdit }).body;

describe('replace', () => {
  it.each([
    {},
    { headers: {} },
    { status: 199 },
    { status: 204 },
    { status: 304 },
    { status: '200' },
    { method: 'CONNECT' },
    { method: 'HEAD' },
    { method: 'GE T' },
    { target: 'stock' },
    { target: '/a b' },
    { target: 'http://other/' },
    { headers: { 'Content-Length': '5' } },
    { headers: { 'x-a': 'b\r\nc: d' } },
    { headers: { 'x-a': null } },
    { body: 5 },
    { body: 'x'.repeat(2 ** 20 + 1) },
    { json: {} },
  ])('refuses %j', (value) => {
    expect(replace.schema.safeParse(value).success).toBe(false);
  });

  it('refuses parts that a message of that direction does not have', () => {
    const misfit = (value: unknown, direction: 'up' | 'down' | 'both') => replace.misfit?.(replace.schema.parse(value), direction);
    expect(misfit({ status: 200 }, 'up')).toMatch(/status/);
    expect(misfit({ status: 200 }, 'both')).toMatch(/status/);
    expect(misfit({ method: 'PUT' }, 'down')).toMatch(/direction: up/);
    expect(misfit({ target: '/' }, 'both')).toMatch(/direction: up/);
    for (const fine of [misfit({ status: 200 }, 'down'), misfit({ method: 'PUT' }, 'up'), misfit({ body: '' }, 'both')])
      expect(fine).toBeUndefined();
  });

  it('edits the head of an answer, with header names in lower case', () => {
    const decide = decider(replace, { status: 503, headers: { 'Retry-After': '1' } });
    expect(decide({ response: answer() })).toEqual({ kind: 'edit', head: { status: 503, set: { 'retry-after': '1' } } });
  });

  it('edits the head of a request', () => {
    const decide = decider(replace, { method: 'PUT', target: '/b?c', headers: { host: 'c' } });
    expect(decide()).toEqual({ kind: 'edit', head: { method: 'PUT', target: '/b?c', set: { host: 'c' } } });
  });

  it('leaves tunnels their method, target and status', () => {
    const connect = 'CONNECT b:443 HTTP/1.1\r\nHost: b\r\n\r\n';
    expect(decider(replace, { method: 'PUT', target: '/b' })({ request: connect })).toEqual({ kind: 'edit', head: { set: {} } });
    expect(decider(replace, { status: 500 })({ request: connect, response: answer() })).toEqual({ kind: 'edit', head: { set: {} } });
    expect(decider(replace, { status: 500 })({ response: answer(101) })).toEqual({ kind: 'edit', head: { set: {} } });
  });

  it.each([[['']], [['old']], [['old ', 'and ', 'long']], [[]]])('puts its body in the place of %j', (pieces) => {
    const decision = decider(replace, { body: 'né' })({ response: answer() });
    expect(decision).toMatchObject({ head: { remove: ['content-encoding'] }, body: { kind: 'stream', length: 3 } });
    expect(editBody(bodyOf(decision), pieces).toString()).toBe('né');
  });

  it('takes a body away, and leaves a coding that the plan names itself', () => {
    const decision = decider(replace, { body: '', headers: { 'content-encoding': 'br' } })({ request: get() });
    expect(decision).toMatchObject({ head: { set: { 'content-encoding': 'br' } }, body: { length: 0 } });
    expect(decision).not.toHaveProperty('head.remove');
    expect(editBody(bodyOf(decision), ['old'])).toHaveLength(0);
  });
});
