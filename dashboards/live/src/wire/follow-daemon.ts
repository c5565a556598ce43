/** Connects the state of the page to the daemon that serves it. */
import type { LiveHistory } from '../../../../src/control/live/contract.js';
import { fillHistory } from '../state/link-history.js';
import { feedStatus, model } from '../state/live.js';
import { fold, modelOf } from '../state/model.js';
import { nextFrame, wait, wallNowMs } from './host.js';
import { LiveFeed } from './live-feed.js';
import { ask, send } from './request.js';

/** Follows it until the page is closed. */
export function followDaemon(): void {
  const feed = new LiveFeed(
    { send, nowMs: wallNowMs, wait, nextFrame },
    {
      onSnapshot: (snapshot) => {
        asked.clear();
        model.value = modelOf(snapshot, model.value);
      },
      onMessages: (messages) => {
        if (model.value !== null) model.value = fold(model.value, messages);
      },
      onStatus: (status) => {
        feedStatus.value = status;
      },
    },
  );
  void feed.run();
}

/** Links whose hour was asked for since the last snapshot. */
const asked = new Set<string>();

/** Fetches the last hour of a link, once: a snapshot holds two minutes of each. A link that the daemon knows nothing of has none. */
export async function loadHour(link: string): Promise<void> {
  // Of a link that has told nothing yet there is no hour either.
  if (asked.has(link) || model.value?.histories.has(link) !== true) return;
  asked.add(link);
  try {
    const told = await ask<LiveHistory>(`/v1/live/history?link=${encodeURIComponent(link)}`);
    const history = model.value?.histories.get(link);
    if (history !== undefined) fillHistory(history, told, history.knownFrom);
  } catch {
    // The charts begin where the page was opened; the next snapshot lets it be asked for again.
  }
}
