import { describe, expect, it } from 'vitest';
import { drawStream, keyedDraw } from '../../../../src/core/random.js';
import { garbage } from '../../../../src/dataplane/faults/http/garbage.js';
import { decider } from '../../../support/http-fault.js';

function bytesOf(value: object, seed = 1): Buffer {
  const decision = decider(garbage, value)({ random: drawStream(keyedDraw({ seed, faultId: 'garbage' }), 'message') });
  if (decision.kind !== 'raw') throw new Error(decision.kind);
  expect(decision.ending).toBe('close');
  return decision.bytes;
}

describe('garbage', () => {
  it('is as long as asked for, of all kinds of bytes, the same for the same seed', () => {
    expect(bytesOf({})).toHaveLength(1_024);
    const bytes = bytesOf({ size: '64KiB' });
    expect(bytes).toHaveLength(65_536);
    expect(new Set(bytes).size).toBe(256);
    expect(bytesOf({ size: '64KiB' }).equals(bytes)).toBe(true);
    expect(bytesOf({ size: '64KiB' }, 2).equals(bytes)).toBe(false);
  });

  it.each([{ size: '0B' }, { size: '65KiB' }, { size: 16 }, { bytes: '1B' }])('refuses %j', (value) => {
    expect(garbage.schema.safeParse(value).success).toBe(false);
  });
});
