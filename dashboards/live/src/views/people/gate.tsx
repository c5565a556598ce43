/** One gate that waits: what is to be decided, by whom, and the two answers. */
import { useState } from 'preact/hooks';
import type { LiveGate } from '../../../../../src/control/live/contract.js';
import { Button } from '../../parts/button.js';
import { Failure } from '../../parts/failure.js';
import { personName } from '../../state/person.js';
import { ask } from '../../wire/request.js';
import { gateRefusal } from './gate-refusal.js';

export function Gate({ gate: { name, question, by } }: { gate: LiveGate }) {
  const [failure, setFailure] = useState<unknown>(undefined);
  const decide = async (decision: 'approved' | 'refused'): Promise<void> => {
    setFailure(undefined);
    try {
      await ask(`/v1/gates/${encodeURIComponent(name)}`, { method: 'POST', body: { decision, by: personName.value || 'somebody' } });
    } catch (error) {
      setFailure(error);
    }
  };
  const refusal = gateRefusal(by, personName.value);
  return (
    <section class="gate" aria-label={`Gate ${name}`}>
      <h3>{name}</h3>
      <p>{question || 'May it go on?'}</p>
      {by.length > 0 && <p class="soft">For {by.join(', ')} to decide.</p>}
      <div class="buttons">
        <Button look="main" refusal={refusal} onClick={() => void decide('approved')}>
          Approve
        </Button>
        <Button look="danger" refusal={refusal} onClick={() => void decide('refused')}>
          Refuse
        </Button>
      </div>
      <Failure of={failure} />
    </section>
  );
}
