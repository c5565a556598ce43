/** What a person can do to an instance: its process, if the run has started it, and all of its links. */
import type { RecordedPlan } from '../../../../../src/journal/events.js';
import { Button } from '../../parts/button.js';
import { plan, run, topology } from '../../state/live.js';
import { whyNoClock } from './clock-refusal.js';
import { cutOff } from './group-cut.js';
import { end, handFaults, newId, put, whyNot } from './hand.js';

interface ProcessAct {
  type: string;
  does: string;
  undoes: string;
  value: object;
  /** Why not to this instance. */
  whyNot?: (plan: RecordedPlan | null, instance: string) => string | undefined;
}

/** Faults on processes that need nothing but the process, with what their end is called. */
const ACTS: readonly ProcessAct[] = [
  { type: 'pause', does: 'Pause', undoes: 'Let it go on', value: {} },
  { type: 'crash', does: 'Crash', undoes: 'Start it again', value: { restart: true } },
  { type: 'slowCpu', does: 'Slow down', undoes: 'Full speed', value: { share: 20 } },
];
/** Needs a process that was started for it. */
const CLOCK: ProcessAct = {
  type: 'clockSkew',
  does: 'Clock 30 s ahead',
  undoes: 'Clock right',
  value: { ahead: '30s' },
  whyNot: whyNoClock,
};

/** `hasClock`: its clock is to be had, too, or why not. */
export function InstanceActs({ name, hasClock = false }: { name: string; hasClock?: boolean }) {
  const refused = run.value === null || run.value.ended !== null ? 'no run goes on, and only a run knows processes' : whyNot.value;
  const mine = handFaults.value.filter(({ on, isOnProcesses }) => isOnProcesses && on.includes(name));
  // Two on one process would undo each other, and the run refuses the second.
  const taken = mine[0] === undefined ? undefined : `${mine[0].type} is on it`;
  const links = cutOff(new Set([name]), topology.value.links);
  const cuts = handFaults.value.filter(
    ({ type, on }) => type === 'blackhole' && links.length > 0 && links.every((link) => on.includes(link)),
  );
  return (
    <div class="buttons">
      {[...ACTS, ...(hasClock ? [CLOCK] : [])].map(({ type, does, undoes, value, whyNot: whyNotIt }) => {
        const on = mine.find((fault) => fault.type === type);
        return (
          <Button
            key={type}
            refusal={on === undefined ? (refused ?? whyNotIt?.(plan.value, name) ?? taken) : undefined}
            label={`${on === undefined ? does : undoes}: ${name}`}
            onClick={() => void (on === undefined ? put([{ id: newId(type), type, proxies: [name], value }]) : end(on.id))}
          >
            {on === undefined ? does : undoes}
          </Button>
        );
      })}
      {links.length > 0 && (
        <Button
          refusal={cuts.length === 0 ? whyNot.value : undefined}
          label={`${cuts.length === 0 ? 'Cut off' : 'Heal'}: ${name}`}
          onClick={() =>
            void (cuts[0] === undefined ? put([{ id: newId('partition'), type: 'blackhole', proxies: links }]) : end(cuts[0].id))
          }
        >
          {cuts.length === 0 ? 'Cut off' : 'Heal'}
        </Button>
      )}
    </div>
  );
}
