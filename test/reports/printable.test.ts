import { describe, expect, it } from 'vitest';
import { printable, shorten } from '../../src/reports/printable.js';

describe('foreign text', () => {
  it('shows what would otherwise act', () => {
    expect(printable('a\u001b[2Jb\u202ec\nd')).toBe('a\\u{1b}[2Jb\\u{202e}c d');
    expect(printable('größer → 你好 👍')).toBe('größer → 你好 👍');
  });

  it('is cut without cutting a character in half', () => {
    expect(shorten('abcdef', 4)).toBe('abc…');
    expect(shorten('abc👍def', 5)).toBe('abc…');
    expect(shorten('abc', 3)).toBe('abc');
  });
});
