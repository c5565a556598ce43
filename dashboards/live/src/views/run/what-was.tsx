/** What was done to a run, and what its links carried meanwhile. */
import { Table } from '../../parts/table.js';
import { formatInstant, formatMs, formatNumber, formatRatio } from '../../parts/words.js';
import type { RunReport } from './report-of-run.js';

export function FaultTable({ report: { faults } }: { report: RunReport }) {
  return (
    <Table
      caption="Faults, in the order in which they began"
      columns={[
        {
          title: 'Step',
          cell: ({ step, summary }) => (
            <>
              {step}
              <small class="id">{summary}</small>
            </>
          ),
          sortBy: ({ step }) => step,
        },
        { title: 'On', cell: ({ links, instances }) => (links.length > 0 ? links : instances).join(', ') || '–' },
        { title: 'From', cell: ({ fromMs }) => formatInstant(fromMs, 0), sortBy: ({ fromMs }) => fromMs, isFigure: true },
        {
          title: 'Lasted',
          cell: ({ fromMs, toMs }) => (toMs === null ? '–' : formatMs(toMs - fromMs)),
          sortBy: ({ fromMs, toMs }) => (toMs === null ? undefined : toMs - fromMs),
          isFigure: true,
        },
        { title: 'Met it', cell: ({ matched }) => matched, sortBy: ({ matched }) => matched, isFigure: true },
        { title: 'Faulted', cell: ({ applied }) => applied, sortBy: ({ applied }) => applied, isFigure: true },
        { title: 'Ended by', cell: ({ endedBy }) => endedBy, sortBy: ({ endedBy }) => endedBy },
      ]}
      rows={faults}
      keyOf={({ fault }) => fault}
      empty={<p>No fault was on.</p>}
    />
  );
}

const sayMs = (ms: number | null): string => (ms === null ? '–' : formatMs(ms));

export function LinkTable({ report: { links } }: { report: RunReport }) {
  return (
    <Table
      caption="Links, over the whole run"
      columns={[
        { title: 'Link', cell: ({ from, to }) => `${from} → ${to}`, sortBy: ({ from, to }) => `${from} ${to}` },
        { title: 'Carried', cell: ({ total, counted }) => `${total.count} ${counted}`, sortBy: ({ total }) => total.count, isFigure: true },
        {
          title: 'Per second',
          cell: ({ total }) => formatNumber(total.ratePerSecond),
          sortBy: ({ total }) => total.ratePerSecond,
          isFigure: true,
        },
        {
          title: 'Succeeded',
          cell: ({ total: { successRatio } }) => (successRatio === null ? '–' : formatRatio(successRatio)),
          sortBy: ({ total }) => total.successRatio ?? undefined,
          isFigure: true,
        },
        { title: 'p50', cell: ({ total }) => sayMs(total.p50Ms), sortBy: ({ total }) => total.p50Ms ?? undefined, isFigure: true },
        { title: 'p99', cell: ({ total }) => sayMs(total.p99Ms), sortBy: ({ total }) => total.p99Ms ?? undefined, isFigure: true },
      ]}
      rows={links}
      keyOf={({ from, to }) => JSON.stringify([from, to])}
      empty={<p>Nothing was seen on a link.</p>}
    />
  );
}
