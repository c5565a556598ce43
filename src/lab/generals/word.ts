/**
 * A word that is passed on: an order, and the signatures of all who passed it on, each over the order and the signatures before its own. So nobody can
 * change what somebody else said, or leave him out. Keys are made of names, so every program of the sample has the public ones without asking:
 * enough against a liar on the wire, who signs nothing, and no way to keep a secret.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Order, Path } from './oral-messages.js';

export interface Word {
  readonly order: Order;
  /** Base64, one for each name of its path; empty where nobody signs. */
  readonly signatures: readonly string[];
}

/** Ed25519 in PKCS #8, up to where the 32 bytes of the key follow. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

function privateKeyOf(name: string): KeyObject {
  const seed = createHash('sha256').update(`a general of the lab: ${name}`).digest();
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
}

function textOf(round: string, { order, signatures }: Word): Buffer {
  return Buffer.from(JSON.stringify([round, order, signatures]));
}

/** Signs as one of the generals. */
export function createSigner(name: string): (round: string, word: Word) => Word {
  const key = privateKeyOf(name);
  return (round, word) => ({ ...word, signatures: [...word.signatures, sign(null, textOf(round, word), key).toString('base64')] });
}

/** Whether each of the path has signed the word, in its order and no one besides. */
export function createJudge(names: readonly string[]): (round: string, path: Path, word: Word) => boolean {
  const keys = new Map(names.map((name) => [name, createPublicKey(privateKeyOf(name))]));
  return (round, path, { order, signatures }) =>
    signatures.length === path.length &&
    path.every((name, i) => {
      const key = keys.get(name);
      const signed = textOf(round, { order, signatures: signatures.slice(0, i) });
      return key !== undefined && verify(null, signed, key, Buffer.from(signatures[i] ?? '', 'base64'));
    });
}

/** What came over the wire as a word, if it is one. */
export function readWord({ order, signatures }: Readonly<Record<string, unknown>>): Word | undefined {
  if (order !== 'attack' && order !== 'retreat') return undefined;
  if (!Array.isArray(signatures) || !signatures.every((one): one is string => typeof one === 'string')) return undefined;
  return { order, signatures };
}
