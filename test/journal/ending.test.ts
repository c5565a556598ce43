import { describe, expect, it } from 'vitest';
import { endingOf, endingWords } from '../../src/journal/ending.js';

describe('who ended an exchange', () => {
  it('is what was noted of it', () => {
    expect(endingOf({ end: 'complete', endedBy: 'fault', endedHow: 'answer' })).toEqual({ endedBy: 'fault', endedHow: 'answer' });
  });

  it('is what the end implies where nobody has noted it, as in old journals', () => {
    expect(endingOf({ end: 'complete' })).toEqual({ endedBy: 'callee', endedHow: 'answer' });
    expect(endingOf({ end: 'clientReset' })).toEqual({ endedBy: 'caller', endedHow: 'rst' });
    expect(endingOf({ end: 'clientReset', resetCode: 8 })).toEqual({ endedBy: 'caller', endedHow: 'streamReset' });
    expect(endingOf({ end: 'timeout' })).toEqual({ endedBy: 'caller', endedHow: 'timeout' });
    expect(endingOf({ end: 'timeout', isCopy: true })).toEqual({ endedBy: 'link', endedHow: 'timeout' });
  });

  it('of a failed handshake is who refused it', () => {
    const handshake = { with: 'upstream', reason: 'x' } as const;
    expect(endingOf({ end: 'handshakeFailed', handshake: { ...handshake, endedBy: 'proxy' } })?.endedBy).toBe('link');
    expect(endingOf({ end: 'handshakeFailed', handshake: { ...handshake, endedBy: 'upstream' } })?.endedBy).toBe('callee');
  });

  it('is unknown of a tunnel of which nobody has noted it', () => {
    expect(endingOf({ end: 'tunnel' })).toBeUndefined();
    expect(endingWords({ end: 'tunnel' })).toBe('ended');
  });

  it('can be said in words', () => {
    expect(endingWords({ end: 'upstreamReset', resetCode: 7 })).toBe('ended by the callee by resetting the stream');
    expect(endingWords({ end: 'clientClosed' })).toBe('ended by the caller with a FIN');
  });
});
