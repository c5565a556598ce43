/** What can be done to an instance of this system besides what can be done to any: a fault of one click, as the plan has it. */
import type { RecordedLink } from '../../../../../src/journal/events.js';
import type { RecordedPlayAct } from '../../../../../src/journal/recorded-play.js';
import { Button } from '../../parts/button.js';
import { run } from '../../state/live.js';
import { end, handFaults, newId, put, whyNot } from '../chaos/hand.js';
import { meets } from './meets.js';

export function PlayActs({ name, acts, links }: { name: string; acts: readonly RecordedPlayAct[]; links: readonly RecordedLink[] }) {
  if (acts.length === 0) return null;
  const refused = run.value?.ended === null ? whyNot.value : 'no run goes on';
  return (
    <div class="buttons">
      {acts.map((act) => {
        const { does, undoes, fault } = act;
        const proxies = meets(act, { name, links });
        const on = handFaults.value.find(({ type, on: where }) => type === fault.type && proxies.every((one) => where.includes(one)));
        return (
          <Button
            key={does}
            refusal={on === undefined ? refused : undefined}
            label={`${on === undefined ? does : undoes}: ${name}`}
            onClick={() => void (on === undefined ? put([{ ...fault, id: newId(fault.type), proxies }]) : end(on.id))}
          >
            {on === undefined ? does : undoes}
          </Button>
        );
      })}
    </div>
  );
}
