/** The time now, for what says how long ago something was: one tick a second for the whole page. */
import { signal } from '@preact/signals';
import { wallNowMs } from '../wire/host.js';

const TICK_MS = 1_000;

/** Since 1970. */
export const wallClock = signal(wallNowMs());

setInterval(() => {
  wallClock.value = wallNowMs();
}, TICK_MS);
