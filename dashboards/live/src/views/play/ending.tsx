/** How people end what waits for them: the run heals, stops its processes, and judges what was promised. */
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.js';
import { Failure } from '../../parts/failure.js';
import { gates, run } from '../../state/live.js';
import { personName } from '../../state/person.js';
import { ask } from '../../wire/request.js';
import { wish } from './wish.js';

export function Ending() {
  const [failed, setFailed] = useState<unknown>(undefined);
  const [gate] = gates.value;
  if (wish.value !== undefined) return null;
  if (run.value?.ended != null) return <p class="soft">It has ended.</p>;
  if (gate === undefined) return <p class="soft">It is still coming up.</p>;
  const answer = (): void => {
    const by = personName.value === '' ? 'somebody at the page' : personName.value;
    setFailed(undefined);
    ask(`/v1/gates/${encodeURIComponent(gate.name)}`, { method: 'POST', body: { decision: 'approved', by } }).catch(setFailed);
  };
  return (
    <div>
      <Button onClick={answer}>I have seen enough</Button>
      <Failure of={failed} />
    </div>
  );
}
