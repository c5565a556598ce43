/** How requests ended, as shares of one bar; the words under it say the same. */
import { formatNumber } from '../../../../../../src/reports/wording.js';
import type { LinkNow } from '../../../state/link-now.js';

const CLASSES = [
  { key: '2xx', look: 'ok', text: '2xx' },
  { key: '3xx', look: 'moved', text: '3xx' },
  { key: '4xx', look: 'refused', text: '4xx' },
  { key: '5xx', look: 'failed', text: '5xx' },
  { key: 'none', look: 'lost', text: 'no whole answer' },
] as const;

export function StatusMix({ answers }: { answers: LinkNow['answers'] }) {
  const total = CLASSES.reduce((sum, { key }) => sum + answers[key], 0);
  if (total === 0) return <p class="soft">No request ended.</p>;
  const parts = CLASSES.filter(({ key }) => answers[key] > 0);
  return (
    <>
      <div class="mix" aria-hidden="true">
        {parts.map(({ key, look }) => (
          <span key={key} class={look} style={{ flexGrow: answers[key] }} />
        ))}
      </div>
      <ul class="legend">
        {parts.map(({ key, look, text }) => (
          <li key={key}>
            <i class={`swatch ${look}`} /> {text}: {formatNumber(answers[key])}
          </li>
        ))}
      </ul>
    </>
  );
}
