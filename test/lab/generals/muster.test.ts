import { describe, expect, it } from 'vitest';
import { COUNCIL_BOUNDS, readMuster } from '../../../src/lab/generals/muster.js';
import { readCount } from '../../../src/lab/switches.js';

const env = { GENERALS: 'gen-1, gen-2,gen-3', PEERS: '127.0.0.1:1,127.0.0.1:3', COUNCIL: '127.0.0.1:1,127.0.0.1:2,127.0.0.1:3' };

describe('who takes part', () => {
  it('gives each address to its name, and leaves out who reads', () => {
    const { generals, addressOf } = readMuster(env, { variable: 'PEERS', of: 2, me: 'gen-2' });
    expect(generals).toEqual(['gen-1', 'gen-2']);
    expect(addressOf('gen-3')?.port).toBe(3);
    expect(addressOf('gen-2')).toBeUndefined();
    expect(readMuster(env, { variable: 'COUNCIL', of: 4 }).addressOf('gen-2')?.port).toBe(2);
  });

  it('refuses as many addresses as do not fit', () => {
    expect(() => readMuster(env, { variable: 'PEERS', of: 3 })).toThrow(/as many GENERALS as PEERS, found 3 and 2/);
  });

  it.each(['', '-1', '17', '1.5', 'many'])('refuses %o for a count', (text) => {
    expect(() => readCount('of', text, COUNCIL_BOUNDS)).toThrow(/expected --of to be a whole number from 0 to 16/);
  });
});
