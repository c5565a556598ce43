/** How fresh the page is: live, or since when it is stale and what is done about that. Said aloud when it changes, not every second. */
import { useEffect } from 'preact/hooks';
import { wallClock } from '../parts/wall-clock.js';
import { feedStatus } from '../state/live.js';
import { freshnessWords } from './freshness-words.js';

export function Freshness() {
  const { look, text, more } = freshnessWords(feedStatus.value, wallClock.value);
  useEffect(() => {
    // Figures that are no longer true are pale all over the page.
    document.documentElement.toggleAttribute('data-stale', look === 'stale');
  }, [look]);
  const reason = feedStatus.value.kind === 'stale' ? feedStatus.value.reason : undefined;
  return (
    <span class={`freshness ${look}`} title={reason}>
      <span role="status">{text}</span>
      {more}
    </span>
  );
}
