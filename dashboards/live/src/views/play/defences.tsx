/** The defences of the system: what they are set to, and a click that begins it again with another setting, in the same daemon and on the same page. */
import { useState } from 'preact/hooks';
import type { RecordedPlan } from '../../../../../src/journal/events.js';
import type { RecordedDefence, RecordedPlay } from '../../../../../src/journal/recorded-play.js';
import { Button } from '../../parts/button.js';
import { Failure } from '../../parts/failure.js';
import { gates, run } from '../../state/live.js';
import { personName } from '../../state/person.js';
import { ask } from '../../wire/request.js';
import { wishText } from './begin-again.js';
import { wish } from './wish.js';

export function Defences({ recorded: { inputs }, play: { defences = [] } }: { recorded: RecordedPlan; play: RecordedPlay }) {
  const [failed, setFailed] = useState<unknown>(undefined);
  if (defences.length === 0) return null;
  const gate = gates.value.find(({ sets }) => sets.length > 0);
  const beginAgain = (input: string, value: string): void => {
    if (gate === undefined) return;
    const by = personName.value === '' ? 'somebody at the page' : personName.value;
    setFailed(undefined);
    const body = { decision: 'approved', by, inputs: { [input]: value } };
    ask(`/v1/gates/${encodeURIComponent(gate.name)}`, { method: 'POST', body }).catch(setFailed);
  };
  return (
    <>
      <h3>Defences</h3>
      <p class="soft">A click ends this run, with its report, and begins again with that setting.</p>
      <ul class="defences">
        {defences.map((defence) => (
          <Switch key={defence.input} defence={defence} now={inputs[defence.input]} refusal={whyNot(gate)} onChoose={beginAgain} />
        ))}
      </ul>
      <Failure of={failed} />
    </>
  );
}

/** Says that it begins again, for as long as it does. */
export function BeginningAgain() {
  return (
    <p class="beginning" role="status">
      {wish.value !== undefined && `Starting again with ${wishText(wish.value)}…`}
    </p>
  );
}

interface SwitchProps {
  defence: RecordedDefence;
  now: string | undefined;
  refusal: string | undefined;
  onChoose: (input: string, value: string) => void;
}

function Switch({ defence: { input, about, values }, now, refusal, onChoose }: SwitchProps) {
  return (
    <li>
      <fieldset class="switch">
        <legend>{input}</legend>
        {values.map((value) => (
          <Button
            key={value}
            label={`${input}: ${value}`}
            isPressed={value === now}
            refusal={value === now ? undefined : refusal}
            onClick={() => value !== now && onChoose(input, value)}
          >
            {value}
          </Button>
        ))}
      </fieldset>
      {about !== '' && <small class="soft">{about}</small>}
    </li>
  );
}

function whyNot(gate: unknown): string | undefined {
  if (gate !== undefined) return undefined;
  if (wish.value !== undefined) return 'it is being started again';
  return run.value?.ended != null ? 'it has ended' : 'it is coming up, or was not started by `faultlab lab play`';
}
