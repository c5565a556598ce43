/** What somebody wants the system to be begun again with, on this page or another; undefined while nobody does. */
import { computed } from '@preact/signals';
import { events, gates, run } from '../../state/live.js';
import { type Wish, wishAfter } from './begin-again.js';

let before: Wish | undefined;

export const wish = computed((): Wish | undefined => {
  before = wishAfter(before, { run: run.value, events: events.value, gates: gates.value });
  return before;
});
