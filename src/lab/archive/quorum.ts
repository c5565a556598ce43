/**
 * How many shelves have to answer so that liars among them do no harm, and which of their answers is believed. Pure. What a reader gets wrong: more than half is
 * enough against silence only. Two quorums must have an honest shelf in common, which takes more.
 */
import { type Document, isIntact } from './document.js';

/** Of `size` shelves of which `liars` may say anything: any two such quorums share at least one honest shelf. */
export function quorumOf(size: number, liars: number): number {
  return Math.floor((size + liars) / 2) + 1;
}

/**
 * With `hasDigest` the first that proves itself. Without, what more than `liars` say alike; where nobody could lie, the first.
 */
export function believed(answers: readonly Document[], { liars, hasDigest }: { liars: number; hasDigest: boolean }): Document | undefined {
  if (hasDigest) return answers.find(isIntact);
  return answers.find(({ text }) => answers.filter((other) => other.text === text).length > liars);
}
