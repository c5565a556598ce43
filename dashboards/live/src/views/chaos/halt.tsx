/** The lever: ends every fault of this daemon at once, whoever put it on, and keeps new ones out until it is lifted. */
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Failure } from '../../parts/failure.js';
import { halted } from '../../state/live.js';
import { personName } from '../../state/person.js';
import { ask } from '../../wire/request.js';

/** The daemon takes no longer one. */
const REASON_CHARACTERS_MAX = 500;

export function Halt() {
  const [isAsked, setAsked] = useState(false);
  const [reason, setReason] = useState('');
  const [failed, setFailed] = useState<unknown>(undefined);
  const pull = (): void => {
    const who = personName.value === '' ? '' : `${personName.value}: `;
    const body = { reason: `${who}${reason.trim() === '' ? 'halted at the page' : reason.trim()}`.slice(0, REASON_CHARACTERS_MAX) };
    setFailed(undefined);
    ask('/v1/halt', { method: 'POST', body }).then(() => setAsked(false), setFailed);
  };
  if (halted.value !== null) return null;
  return (
    <div class="lever">
      <button type="button" class="halt" onClick={() => setAsked(true)}>
        Halt
      </button>
      <Dialog title="End every fault now?" isOpen={isAsked} onClose={() => setAsked(false)}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            pull();
          }}
        >
          <p>A run that goes on is stopped, and faults are refused until the halt is lifted.</p>
          <label class="field">
            Why
            <input value={reason} maxLength={400} onInput={(event) => setReason(event.currentTarget.value)} />
          </label>
          <Failure of={failed} />
          <div class="buttons">
            <Button type="submit" look="danger">
              Halt everything
            </Button>
            <Button onClick={() => setAsked(false)}>Go on</Button>
          </div>
        </form>
      </Dialog>
    </div>
  );
}
