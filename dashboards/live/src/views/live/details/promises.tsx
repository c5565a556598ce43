/** What the plan promises, and how that stands so far: shown while nothing is selected. */

import type { LiveFinding } from '../../../../../../src/control/live/contract.js';
import { VERDICT_WORDS } from '../../../../../../src/reports/wording.js';
import { run } from '../../../state/live.js';
import { definePanel } from './panel.js';

export function Promises() {
  const findings = run.value?.verdicts?.findings ?? [];
  if (run.value === null)
    return <p class="soft">No run tells this daemon what happens in it. Select a link or an instance to see its figures.</p>;
  if (findings.length === 0) return <p class="soft">Nothing to judge yet: no fault was on.</p>;
  return (
    <ul class="promises">
      {findings.map((finding) => (
        <li key={finding.name}>
          <State of={finding} />
          <span>
            {finding.name}
            {finding.severity === 'warn' && <small> (warns only)</small>}
            {finding.summary !== '' && <small>{finding.summary}</small>}
          </span>
        </li>
      ))}
    </ul>
  );
}

function State({ of: { state } }: { of: LiveFinding }) {
  const { sign, word } = state === 'open' ? { sign: '…', word: 'not yet' } : VERDICT_WORDS[state];
  return (
    <span class={`sign ${state}`} role="img" aria-label={word} title={word}>
      {sign}
    </span>
  );
}

export const promises = definePanel({
  name: 'promises',
  place: 10,
  title: 'Promises so far',
  suits: ({ kind }) => kind === 'none',
  Component: Promises,
});
