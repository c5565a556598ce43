/** What an instance is asked, and what it asks of others: a link a row. */
import { formatMs } from '../../../../../../src/core/units.js';
import { formatNumber, formatRatio } from '../../../../../../src/reports/wording.js';
import { type Column, Table } from '../../../parts/table.js';
import type { LinkNow } from '../../../state/link-now.js';
import { topology } from '../../../state/live.js';
import { instancesNow, linksNow } from '../../../state/now.js';
import { type Selection, select } from '../selection.js';
import { definePanel } from './panel.js';

interface Row {
  name: string;
  words: string;
  now: LinkNow;
}

const columns: readonly Column<Row>[] = [
  {
    title: 'Link',
    cell: ({ name, words }) => (
      <button type="button" class="name" onClick={() => select({ kind: 'link', name })}>
        {words}
      </button>
    ),
  },
  { title: 'req/s', isFigure: true, cell: ({ now }) => formatNumber(now.requestsPerSecond), sortBy: ({ now }) => now.requestsPerSecond },
  {
    title: 'errors',
    isFigure: true,
    cell: ({ now }) => (now.errorRatio === undefined ? '–' : formatRatio(now.errorRatio)),
    sortBy: ({ now }) => now.errorRatio,
  },
  {
    title: 'p99',
    isFigure: true,
    cell: ({ now }) => (now.p99Ms === undefined ? '–' : formatMs(now.p99Ms)),
    sortBy: ({ now }) => now.p99Ms,
  },
];

function InstanceLinks({ selected }: { selected: Selection }) {
  if (selected.kind !== 'instance') return null;
  const { name } = selected;
  const now = instancesNow.value.get(name);
  const rows = topology.value.links.flatMap((link): Row[] => {
    const figures = linksNow.value.get(link.name);
    if (figures === undefined || (link.from !== name && link.to !== name)) return [];
    return [{ name: link.name, words: link.to === name ? `from ${link.from}` : `to ${link.to}`, now: figures }];
  });
  return (
    <>
      {now !== undefined && now.process !== 'unknown' && <p>Its process is {now.process}.</p>}
      <Table caption={`Links of ${name}`} columns={columns} rows={rows} keyOf={(row) => row.name} empty="It has no links." />
    </>
  );
}

export const instanceLinks = definePanel({
  name: 'instanceLinks',
  place: 10,
  title: 'Its links',
  suits: ({ kind }) => kind === 'instance',
  Component: InstanceLinks,
});
