import { describe, expect, it } from 'vitest';
import { audit, createBooks } from '../../../src/lab/payments/books.js';

describe('the books', () => {
  it('agree with what customers were told where each was charged once', () => {
    const books = createBooks();
    for (const key of ['a', 'b']) books.charge(key);
    expect(audit(new Set(['a', 'b']), books.counts())).toEqual({ acknowledged: 2, missing: 0, doubled: 0 });
  });

  it('show who was charged twice, and who was told so and never charged', () => {
    const books = createBooks();
    for (const key of ['a', 'a', 'b', 'b', 'b']) books.charge(key);
    expect(audit(new Set(['a', 'c']), books.counts())).toEqual({ acknowledged: 2, missing: 1, doubled: 2 });
  });

  it('take no charge amiss that was made and not told of', () => {
    const books = createBooks();
    books.charge('a');
    expect(audit(new Set(), books.counts())).toEqual({ acknowledged: 0, missing: 0, doubled: 0 });
  });
});
