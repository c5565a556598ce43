/** What instances said of themselves as it changed, the newest first. */
import { formatInstant } from '../../../../../src/reports/wording.js';
import { events, run } from '../../state/live.js';
import { changesOf } from './self-words.js';

export function LastChanges() {
  const changes = changesOf(events.value);
  const startMs = run.value?.started.atMs ?? 0;
  if (changes.length === 0) return <p class="soft">Nobody has changed his mind yet.</p>;
  return (
    <ol class="changes">
      {changes.map(({ n, atMs, text }) => (
        <li key={n}>
          <time>{formatInstant(atMs, startMs)}</time> {text}
        </li>
      ))}
    </ol>
  );
}
