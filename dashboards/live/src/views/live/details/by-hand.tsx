/** Faults by hand that are on, whoever put them there: change, remove, take back; and partitions, by a line or by names. */
import { Button } from '../../../parts/button.js';
import { Failure } from '../../../parts/failure.js';
import type { HandFault } from '../../../state/hand-faults.js';
import { topology } from '../../../state/live.js';
import { wordsOf } from '../../chaos/acts.js';
import { CrossedLinks } from '../../chaos/crossed-links.js';
import { GroupCut } from '../../chaos/group-cut-form.js';
import { acts, change, end, failure, handFaults, refusal, undo, whyNot } from '../../chaos/hand.js';
import { ShapeCut } from '../../chaos/shape-form.js';
import { isCutToolOn } from '../cut-tool.js';
import { definePanel } from './panel.js';

function ByHand() {
  const newest = acts.value.at(-1);
  return (
    <>
      {handFaults.value.length === 0 && <p class="soft">None is on.</p>}
      <ul class="hand-faults">
        {handFaults.value.map((fault) => (
          <OneFault key={fault.id} fault={fault} />
        ))}
      </ul>
      <Failure of={failure.value ?? refusal.value} />
      <div class="buttons">
        <Button refusal={newest === undefined ? 'nothing was done on this page yet' : undefined} onClick={() => void undo()}>
          Undo{newest !== undefined && ` ${wordsOf(newest)}`}
        </Button>
        {topology.value.links.length > 0 && (
          <button
            type="button"
            class="button"
            aria-pressed={isCutToolOn.value}
            disabled={whyNot.value !== undefined}
            onClick={() => {
              isCutToolOn.value = !isCutToolOn.value;
            }}
          >
            Draw a cut
          </button>
        )}
      </div>
      {isCutToolOn.value && <p class="soft">Draw a line across the links that are to be cut.</p>}
      <CrossedLinks />
      <GroupCut />
      <ShapeCut />
    </>
  );
}

function OneFault({ fault: { id, type, on, by, percentage, isOnProcesses, matched, applied } }: { fault: HandFault }) {
  const where = on.length > 3 ? `${on.slice(0, 3).join(', ')} and ${on.length - 3} more` : on.join(', ');
  return (
    <li>
      <p>
        <strong>{type}</strong> on {where} <span class="soft">by {by}</span>
        {matched !== undefined && (
          <span class="soft">
            ; {matched} met it, {applied} hit
          </span>
        )}
      </p>
      <div class="row">
        {!isOnProcesses && (
          <label>
            <input
              type="range"
              min={0}
              max={100}
              step={5}
              value={percentage}
              aria-label={`Percentage of ${type} on ${where}`}
              onChange={(event) => void change(id, percentage, Number(event.currentTarget.value))}
            />{' '}
            {percentage} %
          </label>
        )}
        <Button label={`Remove ${type} on ${where}`} onClick={() => void end(id)}>
          Remove
        </Button>
      </div>
    </li>
  );
}

export const byHand = definePanel({ name: 'byHand', place: 40, title: 'Faults by hand', suits: () => true, Component: ByHand });
