/** The faults that are on a link now, and whom they have hit. */

import type { LiveFault } from '../../../../../../src/control/live/contract.js';
import { formatMs } from '../../../../../../src/core/units.js';
import { formatNumber } from '../../../../../../src/reports/wording.js';
import { plan } from '../../../state/live.js';
import { faultsByLink } from '../../../state/now.js';
import type { Selection } from '../selection.js';
import { definePanel } from './panel.js';

function LinkFaults({ selected }: { selected: Selection }) {
  const faults = selected.kind === 'none' ? [] : (faultsByLink.value.get(selected.name) ?? []);
  if (faults.length === 0) return <p class="soft">None.</p>;
  return (
    <ul class="bare">
      {faults.map((fault) => (
        <li key={fault.id}>
          <b>{titleOf(fault)}</b> {fault.isOn ? '' : '(off for now) '}
          <small>{wordsOf(fault)}</small>
        </li>
      ))}
    </ul>
  );
}

/** The step's name, where the plan has one. */
function titleOf({ id, type }: LiveFault): string {
  const step = id.slice(id.lastIndexOf('/') + 1);
  return plan.value?.steps.some(({ name }) => name === step) === true ? `${step} (${type})` : type;
}

function wordsOf({ percentage, matched, applied, skipped, held, endsInMs }: LiveFault): string {
  const figures = [`${formatNumber(percentage)} %`, `${matched} met it`, `${applied} faulted`];
  if (skipped > 0) figures.push(`${skipped} left alone`);
  if (held > 0) figures.push(`${held} held`);
  if (endsInMs !== null) figures.push(`ends in ${formatMs(Math.max(0, Math.round(endsInMs / 1_000) * 1_000))}`);
  return figures.join(' · ');
}

export const linkFaults = definePanel({
  name: 'linkFaults',
  place: 20,
  title: 'Faults on it',
  suits: ({ kind }) => kind === 'link',
  Component: LinkFaults,
});
