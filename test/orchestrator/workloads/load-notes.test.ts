import { describe, expect, it } from 'vitest';
import { createLoadNotes } from '../../../src/orchestrator/workloads/load-notes.js';
import type { MadeRequest } from '../../../src/orchestrator/workloads/request-maker.js';

const request: MadeRequest = {
  route: 'put',
  method: 'PUT',
  path: '/k/1',
  headers: { 'X-Value': 'v1', 'idempotency-key': 'k' },
  body: undefined,
  expect: undefined,
  standIn: undefined,
  token: 't',
};

describe('what the load notes of its own requests', () => {
  it('is nothing unless the plan names headers', () => {
    expect(createLoadNotes(undefined)(request, { 'x-value': 'v1' })).toEqual({});
  });

  it('is the headers of requests and answers that the plan names, whatever their case', () => {
    const notes = createLoadNotes({ headers: ['x-value', 'x-none'], answerHeaders: ['x-value', 'x-version', 'x-none'] });
    expect(notes(request, { 'x-value': ['v0', 'v9'], 'x-version': '7' })).toEqual({
      tokens: { 'idempotency-key': 'k', 'x-value': 'v1' },
      answerTokens: { 'x-value': 'v0', 'x-version': '7' },
    });
    expect(notes(request, {})).toEqual({ tokens: { 'idempotency-key': 'k', 'x-value': 'v1' } });
  });
});
