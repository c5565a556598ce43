/** The topology as a table: for who reads the page aloud, for a phone, and for who wants to sort by errors. */
import { useState } from 'preact/hooks';
import { formatMs } from '../../../../../src/core/units.js';
import { stateWord } from '../../../../../src/reports/page/state-lanes.js';
import { formatNumber, formatRatio } from '../../../../../src/reports/wording.js';
import { type Column, Table } from '../../parts/table.js';
import type { LinkNow } from '../../state/link-now.js';
import { topology } from '../../state/live.js';
import { faultsByLink, linksNow, statesByLink } from '../../state/now.js';
import type { TopologyLink } from '../../state/topology.js';
import { select } from './selection.js';

interface Row {
  link: TopologyLink;
  now: LinkNow;
}

const columns: readonly Column<Row>[] = [
  {
    title: 'Link',
    cell: ({ link }) => (
      <button type="button" class="name" onClick={() => select({ kind: 'link', name: link.name })}>
        {link.name}
      </button>
    ),
    sortBy: ({ link }) => link.name,
  },
  { title: 'Health', cell: ({ now }) => <span class={`health ${now.health}`}>{now.health}</span>, sortBy: ({ now }) => now.health },
  {
    title: 'Requests/s',
    isFigure: true,
    cell: ({ now }) => formatNumber(now.requestsPerSecond),
    sortBy: ({ now }) => now.requestsPerSecond,
  },
  {
    title: 'Errors',
    isFigure: true,
    cell: ({ now }) => (now.errorRatio === undefined ? '–' : formatRatio(now.errorRatio)),
    sortBy: ({ now }) => now.errorRatio,
  },
  {
    title: 'p50',
    isFigure: true,
    cell: ({ now }) => (now.p50Ms === undefined ? '–' : formatMs(now.p50Ms)),
    sortBy: ({ now }) => now.p50Ms,
  },
  {
    title: 'p99',
    isFigure: true,
    cell: ({ now }) => (now.p99Ms === undefined ? '–' : formatMs(now.p99Ms)),
    sortBy: ({ now }) => now.p99Ms,
  },
  { title: 'Connections', isFigure: true, cell: ({ now }) => now.connections ?? '–', sortBy: ({ now }) => now.connections },
  { title: 'Faults', cell: ({ link }) => (faultsByLink.value.get(link.name) ?? []).map(({ type }) => type).join(', ') },
  {
    title: 'States',
    cell: ({ link }) => (statesByLink.value.get(link.name) ?? []).map(({ kind, state }) => `${kind} ${stateWord(state)}`).join(', '),
  },
];

/** A hundred rows a second are drawn only for who looks at them. */
export function LinksTable() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details class="links" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>The same as a table</summary>
      {isOpen && <Rows />}
    </details>
  );
}

function Rows() {
  const rows = topology.value.links.flatMap((link): Row[] => {
    const now = linksNow.value.get(link.name);
    return now === undefined ? [] : [{ link, now }];
  });
  return (
    <Table caption="Links, as they do now" columns={columns} rows={rows} keyOf={({ link }) => link.name} empty="There is no link yet." />
  );
}
