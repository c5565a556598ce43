import { describe, expect, it } from 'vitest';
import { sealed } from '../../../src/lab/archive/document.js';
import { believed, quorumOf } from '../../../src/lab/archive/quorum.js';

describe('a quorum', () => {
  it('shares an honest shelf with every other, and can be had although the liars keep quiet', () => {
    for (let liars = 0; liars <= 4; liars++) {
      for (let size = 3 * liars + 1; size <= 3 * liars + 6; size++) {
        const quorum = quorumOf(size, liars);
        expect(2 * quorum - size, `${liars} of ${size}`).toBeGreaterThan(liars);
        expect(quorum).toBeLessThanOrEqual(size - liars);
        expect(2 * (quorum - 1) - size).toBeLessThanOrEqual(liars);
      }
    }
  });

  it('cannot be had of three with one liar', () => {
    expect(quorumOf(3, 1)).toBeGreaterThan(3 - 1);
  });
});

describe('answers of shelves', () => {
  const honest = sealed('charter', 'true');
  const forged = { ...honest, text: 'false' };

  it('are believed if they prove themselves, however few they are', () => {
    expect(believed([forged, forged, honest], { liars: 1, hasDigest: true })).toBe(honest);
    expect(believed([forged], { liars: 0, hasDigest: true })).toBeUndefined();
  });

  it('are believed without proof if more say it than may lie', () => {
    expect(believed([forged, honest, honest], { liars: 1, hasDigest: false })).toBe(honest);
    expect(believed([forged, honest], { liars: 1, hasDigest: false })).toBeUndefined();
    expect(believed([forged], { liars: 0, hasDigest: false })).toBe(forged);
    expect(believed([], { liars: 0, hasDigest: false })).toBeUndefined();
  });
});
