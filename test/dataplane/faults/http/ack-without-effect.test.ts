import { describe, expect, it } from 'vitest';
import { ackWithoutEffect } from '../../../../src/dataplane/faults/http/ack-without-effect.js';
import { decider } from '../../../support/http-fault.js';

describe('ackWithoutEffect', () => {
  it.each([{ status: 199 }, { status: 300 }, { status: '200' }, { headers: { connection: 'close' } }, { body: 5 }, { code: 200 }])(
    'refuses %j',
    (value) => {
      expect(ackWithoutEffect.schema.safeParse(value).success).toBe(false);
    },
  );

  it('says that it is done', () => {
    expect(decider(ackWithoutEffect)()).toEqual({ kind: 'reply', status: 200, headers: {}, body: '' });
    const told = { status: 201, headers: { location: '/1' }, body: '{"id":1}' };
    expect(decider(ackWithoutEffect, told)()).toEqual({ kind: 'reply', ...told });
  });
});
