/** How fresh the page is: live, or since when it is stale and what is done about that. Said aloud when it changes, not every second. */
import { useEffect } from 'preact/hooks';
import { formatClock } from '../parts/figures.js';
import { wallClock } from '../parts/wall-clock.js';
import { type FeedStatus, feedStatus } from '../state/live.js';

/** The daemon says something every second; three without a word are worth telling. */
const SILENT_MS_MAX = 3_000;

export function freshnessWords(status: FeedStatus, wallMs: number): { look: 'live' | 'stale'; text: string; more: string } {
  switch (status.kind) {
    case 'connecting':
      return { look: 'stale', text: 'connecting…', more: '' };
    case 'tokenNeeded':
      return { look: 'stale', text: 'a token is needed', more: '' };
    case 'live': {
      const silentMs = wallMs - status.heardMs;
      if (silentMs < SILENT_MS_MAX) return { look: 'live', text: 'live', more: '' };
      return { look: 'stale', text: `no news since ${formatClock(status.heardMs)}`, more: `, ${Math.round(silentMs / 1_000)} s` };
    }
    case 'stale': {
      const nextS = Math.ceil((status.retryMs - wallMs) / 1_000);
      const again = nextS > 0 ? `connecting again in ${nextS} s` : 'connecting again';
      return { look: 'stale', text: `stale since ${formatClock(status.sinceMs)}`, more: ` · ${again}` };
    }
  }
}

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
