/** Processes that are stopped, wholly or for a share of the time. */
import type { Deed, Turn } from './kept.js';
import { type Reach, signalAll, straysIn } from './reach.js';

/** One turn of running and standing still. Long enough that starting and stopping costs little, short enough to look slow instead of stuck. */
const TURN_MS = 50;
/** Whoever is started and leaves the group meanwhile is met after so many turns: to look for him costs more than a turn. */
const TURNS_PER_LOOK = 20;

/** From now on they run for so much of the time. */
export function held({ reach, runPercent }: { reach: Reach; runPercent: number }): Deed {
  return { turn: turnsOf(reach, runPercent), undo: () => signalAll(reach, 'SIGCONT') };
}

function turnsOf(reach: Reach, runPercent: number): Turn {
  let turns = 0;
  let strays = straysIn(reach);
  return () => {
    turns += 1;
    const runs = runPercent > 0 && turns % 2 === 0;
    if (turns % (runPercent > 0 ? TURNS_PER_LOOK : 2) === 0) strays = straysIn(reach);
    signalAll(reach, runs ? 'SIGCONT' : 'SIGSTOP', strays);
    if (runPercent > 0) return (TURN_MS * (runs ? runPercent : 100 - runPercent)) / 100;
    // Once more for who was started while the others were stopped. To a unit two orders at once could overtake each other.
    return turns === 1 && reach.kind === 'group' ? TURN_MS : Number.POSITIVE_INFINITY;
  };
}
