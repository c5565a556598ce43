/** That the daemon is halted, why, and how to go on. Nothing while it is not. */
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.js';
import { Failure } from '../../parts/failure.js';
import { halted } from '../../state/live.js';
import { ask } from '../../wire/request.js';

export function HaltedNotice() {
  const [failed, setFailed] = useState<unknown>(undefined);
  if (halted.value === null) return null;
  const lift = (): void => {
    setFailed(undefined);
    ask('/v1/halt', { method: 'DELETE' }).catch(setFailed);
  };
  return (
    <div class="halted" role="alert">
      <p>
        <strong>Halted</strong>: {halted.value.reason}. Every fault was ended, and none is accepted.
      </p>
      <Button onClick={lift}>Lift the halt</Button>
      <Failure of={failed} />
    </div>
  );
}
