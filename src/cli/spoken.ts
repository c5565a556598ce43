/**
 * What a line means that somebody typed while a run goes on: the answer to the gate that waits, or a note. What a reader would get wrong: a sentence
 * may begin with "no", so only a word that stands alone, or before a name that the gate asks for, is an answer.
 */
import { listed } from '../core/suggest.js';
import type { Gate, GateAnswer } from '../orchestrator/person.js';

export type Spoken =
  | { kind: 'nothing' }
  | { kind: 'note'; text: string }
  | { kind: 'answer'; answer: GateAnswer }
  /** It would be an answer, if it said whose. */
  | { kind: 'unsigned'; hint: string };

/** Longer notes are cut, as the API refuses them. */
const NOTE_CHARACTERS_MAX = 2_000;

const DECISIONS: Readonly<Record<string, GateAnswer['decision']>> = { y: 'approved', yes: 'approved', n: 'refused', no: 'refused' };

export function understand(line: string, { gate, owner }: { gate: Gate | undefined; owner: string }): Spoken {
  const text = line.trim();
  if (text === '') return { kind: 'nothing' };
  const [first = '', ...rest] = text.split(/\s+/);
  const decision = DECISIONS[first.toLowerCase()];
  const name = rest.join(' ');
  const isAnswer = gate !== undefined && decision !== undefined && (name === '' || gate.by.includes(name));
  if (!isAnswer) return { kind: 'note', text: text.slice(0, NOTE_CHARACTERS_MAX) };
  const by = name === '' ? signerOf(gate, owner) : name;
  if (by === undefined) return { kind: 'unsigned', hint: `say who answers: ${listed(gate.by.map((one) => `${first} ${one}`))}` };
  return { kind: 'answer', answer: { decision, by } };
}

/** Whoever is at the keyboard if the gate lets them, or the only one whom it asks; undefined where that is open. */
function signerOf({ by }: Gate, owner: string): string | undefined {
  if (by.length === 0 || by.includes(owner)) return owner;
  return by.length === 1 ? by[0] : undefined;
}
