/**
 * Single values of a JSON text gone wrong in a way that its readers do not notice by the form: another digit, another letter, the other truth. What is
 * not hit stays as it was, to the byte.
 */
import { type Literal, replaceLiterals } from './json-text.js';

export interface JsonMutation {
  /** Of the values that are meant, this share is hit. */
  percent: number;
  kind: 'numbers' | 'fields';
  /** Only values of members with these names, or inside of such; of all if undefined. */
  members: ReadonlySet<string> | undefined;
}

/** Undefined if the text is not JSON, or nothing in it was hit. */
export function mutateJson(text: string, { percent, kind, members }: JsonMutation, random: () => number): string | undefined {
  const mutated = replaceLiterals(text, (literal) => {
    if (members !== undefined && !literal.path.some((part) => typeof part === 'string' && members.has(part))) return undefined;
    if (kind === 'numbers' && typeof literal.value !== 'number') return undefined;
    return random() * 100 < percent ? mutatedLiteral(literal, random) : undefined;
  });
  return mutated === text ? undefined : mutated;
}

/** Null, and a text without a letter or digit, stay. */
function mutatedLiteral({ value, text }: Literal, random: () => number): string | undefined {
  switch (typeof value) {
    case 'number':
      return withOtherDigit(text, random);
    case 'string':
      return JSON.stringify(withOtherCharacter(value, random));
    case 'boolean':
      return String(!value);
    default:
      return undefined;
  }
}

/** Another digit in one place, none of the exponent: the length stays, and so does the form, which forbids a zero in front. */
function withOtherDigit(text: string, random: () => number): string {
  const places = placesOf(/\d/g, text.replace(/e.*$/i, ''));
  const place = places[Math.floor(random() * places.length)] as number;
  const isLeading = place === places[0] && /\d/.test(text[place + 1] ?? '');
  return replaceAt(text, place, otherOf(isLeading ? '123456789' : '0123456789', text[place] as string, random));
}

const ALPHABETS = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Another letter or digit of its kind in one place. */
function withOtherCharacter(text: string, random: () => number): string {
  const places = placesOf(/[0-9A-Za-z]/g, text);
  const place = places[Math.floor(random() * places.length)];
  if (place === undefined) return text;
  const character = text[place] as string;
  const alphabet = ALPHABETS.find((letters) => letters.includes(character)) as string;
  return replaceAt(text, place, otherOf(alphabet, character, random));
}

function placesOf(pattern: RegExp, text: string): number[] {
  return Array.from(text.matchAll(pattern), ({ index }) => index);
}

function replaceAt(text: string, at: number, character: string): string {
  return text.slice(0, at) + character + text.slice(at + 1);
}

function otherOf(alphabet: string, character: string, random: () => number): string {
  const others = alphabet.replace(character, '');
  return others[Math.floor(random() * others.length)] as string;
}
