/** A verdict as a sign and a word, so that it needs no colour. */
import { VERDICT_WORDS } from './words.js';

export function VerdictBadge({ verdict }: { verdict: string }) {
  const { sign, word } = VERDICT_WORDS[verdict as keyof typeof VERDICT_WORDS] ?? { sign: '·', word: verdict };
  return (
    <span class={`badge ${verdict}`}>
      <span aria-hidden="true">{sign} </span>
      {word}
    </span>
  );
}
