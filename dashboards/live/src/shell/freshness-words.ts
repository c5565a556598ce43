/** How fresh the page is, in words. What changes every second stands apart, so that it is not read aloud every second. */
import { formatClock } from '../parts/figures.js';
import type { FeedStatus } from '../state/live.js';

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
