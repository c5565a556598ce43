/** What happened, newest first, in the sentences of the report: also for who cannot see the lanes. */
import { printable } from '../../../../../src/reports/printable.js';
import { sentenceOf } from '../../../../../src/reports/sentence.js';
import { events, run } from '../../state/live.js';
import { formatSecond } from './timeline/clock-words.js';

/** The journal holds them all. */
const SHOWN_MAX = 100;

export function News() {
  if (run.value === null) return null;
  const said = events.value.flatMap((event) => {
    const sentence = sentenceOf(event);
    return sentence === undefined ? [] : [{ n: event.n, atMs: event.atMs, sentence, isBad: BAD.has(event.type) }];
  });
  const lost = run.value.eventsLost;
  return (
    <section class="panel news-panel" aria-labelledby="news-title">
      <h2 id="news-title">What happened</h2>
      {said.length === 0 && <p class="soft">Nothing yet.</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <ol class="news" reversed tabIndex={0} aria-labelledby="news-title">
        {said
          .slice(-SHOWN_MAX)
          .toReversed()
          .map(({ n, atMs, sentence, isBad }) => (
            <li key={n} class={isBad ? 'bad' : undefined}>
              <time>{formatSecond(Math.floor(atMs / 1_000))}</time> {printable(sentence)}
            </li>
          ))}
      </ol>
      {said.length > SHOWN_MAX && <p class="soft">{said.length - SHOWN_MAX} earlier ones are in the journal.</p>}
      {lost > 0 && <p class="soft">{lost} events came too many at a time, and are only in the journal.</p>}
    </section>
  );
}

const BAD: ReadonlySet<string> = new Set(['stopTripped', 'healFailed', 'errorRaised', 'serviceExited', 'observationsLost']);
