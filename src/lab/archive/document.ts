/**
 * A document that proves itself: its digest covers its name and its text, so whoever keeps or carries it cannot change it unseen. A digest without a key is
 * enough against faults; against somebody who means it, it would have to be a signature.
 */
import { createHash } from 'node:crypto';

export interface Document {
  readonly key: string;
  readonly text: string;
  /** SHA-256 of key and text, in hex. */
  readonly digest: string;
}

export function sealed(key: string, text: string): Document {
  return { key, text, digest: digestOf(key, text) };
}

export function isIntact({ key, text, digest }: Document): boolean {
  return digest === digestOf(key, text);
}

/** What came over the wire as the document of that name, if it is one; whether it is intact is another question. */
export function readDocument(wanted: string, { key, text, digest }: Readonly<Record<string, unknown>>): Document | undefined {
  return key === wanted && typeof text === 'string' && typeof digest === 'string' ? { key, text, digest } : undefined;
}

function digestOf(key: string, text: string): string {
  return createHash('sha256')
    .update(JSON.stringify([key, text]))
    .digest('hex');
}
