import { describe, expect, it } from 'vitest';
import { readSwitches } from '../../src/lab/switches.js';

describe('switches', () => {
  it('are on unless told otherwise', () => {
    expect(readSwitches(['--fencing', 'off'], ['fencing', 'idempotency'])).toEqual({ fencing: false, idempotency: true });
  });

  it('say what they expected', () => {
    expect(() => readSwitches(['--fencing', 'maybe'], ['fencing'])).toThrow('expected --fencing on or off, found "maybe"');
    expect(() => readSwitches(['--fence', 'on'], ['fencing'])).toThrow(/--fence/);
  });
});
