/** The acts of a game day, each with how far it has come. */
import type { LiveEvent } from '../../../../../src/control/live/contract.js';
import { type Act, stateOfAct } from './act-state.js';

const WORDS = { waiting: 'not yet', goesOn: 'goes on', over: 'over', stopped: 'stopped' };

export function Acts({ acts, events }: { acts: readonly Act[]; events: readonly LiveEvent[] }) {
  if (acts.length === 0) return null;
  return (
    <ol>
      {acts.map((act) => {
        const state = stateOfAct(act, events);
        return (
          <li key={act.name}>
            {act.title} <b class={state === 'goesOn' ? 'inconclusive' : undefined}>{WORDS[state]}</b>
          </li>
        );
      })}
    </ol>
  );
}
