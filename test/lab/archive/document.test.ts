import { describe, expect, it } from 'vitest';
import { isIntact, readDocument, sealed } from '../../../src/lab/archive/document.js';

const document = sealed('charter', 'as it was brought');

describe('a document', () => {
  it('proves itself, until its text, its name or its digest is another', () => {
    expect(isIntact(document)).toBe(true);
    expect(isIntact({ ...document, text: 'as it was brougth' })).toBe(false);
    expect(isIntact({ ...document, key: 'other' })).toBe(false);
    expect(isIntact({ ...document, digest: document.digest.slice(1) })).toBe(false);
  });

  it('is read from what came over the wire under the name that was asked for, and under no other', () => {
    expect(readDocument('charter', { ...document })).toEqual(document);
    expect(readDocument('other', { ...document })).toBeUndefined();
    expect(readDocument('charter', { key: 'charter', text: 7, digest: '' })).toBeUndefined();
  });
});
