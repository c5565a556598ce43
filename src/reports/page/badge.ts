/** A verdict as a sign, a word, a colour and a border, so that any one of them is enough. */
import type { Verdict } from '../../verify/check.js';
import { VERDICT_WORDS } from '../wording.js';
import { type Markup, markup } from './markup.js';

export function badge(verdict: Verdict): Markup {
  const { sign, word } = VERDICT_WORDS[verdict];
  return markup`<span class="badge ${verdict}">${sign} ${word}</span>`;
}
