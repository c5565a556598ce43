/**
 * Text that is already markup, told apart from text that is not yet. The tag escapes whatever is put into it unless it is markup itself, so a
 * hostile name cannot leave its place; attributes have to be written in double quotes for that to hold.
 */
import { printable } from '../printable.js';

export interface Markup {
  readonly markup: string;
}
/** `undefined` and `false` leave nothing behind, so that a part can be optional. */
export type Part = string | number | Markup | undefined | false | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function rendered(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'object') return 'markup' in part ? part.markup : part.map(rendered).join('');
  return printable(String(part)).replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
}

/** Tag: the literal parts are markup, the values are text. */
export function markup(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: literals.reduce((text, literal, i) => text + rendered(parts[i - 1]) + literal) };
}

/** Trusts its argument; for text of our own only. */
export function trusted(text: string): Markup {
  return { markup: text };
}

/** A coordinate, with no more digits than a screen has. */
export function px(value: number): string {
  return String(Number(value.toFixed(1)));
}
