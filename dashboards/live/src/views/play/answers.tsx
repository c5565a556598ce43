/** How many requests were accepted, refused and lost, of the load and on the links that the plan names: over the last five seconds, and in the hour that is known. */
import type { RecordedPlan } from '../../../../../src/journal/events.js';
import type { RecordedPlay } from '../../../../../src/journal/recorded-play.js';
import { formatNumber } from '../../../../../src/reports/wording.js';
import { type Column, Table } from '../../parts/table.js';
import { SECONDS_MAX, sumOver } from '../../state/link-history.js';
import { WINDOW_SECONDS } from '../../state/link-now.js';
import { model, nowMs, run, topology } from '../../state/live.js';

interface Row {
  link: string;
  now: Counts;
  all: Counts;
}
interface Counts {
  accepted: number;
  refused: number;
  lost: number;
}

const columns: readonly Column<Row>[] = [
  { title: 'Link', cell: ({ link }) => link, sortBy: ({ link }) => link },
  { title: 'Accepted', isFigure: true, cell: ({ now, all }) => `${all.accepted} (+${now.accepted})`, sortBy: ({ all }) => all.accepted },
  { title: 'Refused', isFigure: true, cell: ({ now, all }) => `${all.refused} (+${now.refused})`, sortBy: ({ all }) => all.refused },
  { title: 'Lost', isFigure: true, cell: ({ now, all }) => `${all.lost} (+${now.lost})`, sortBy: ({ all }) => all.lost },
];

export function Answers({ recorded: { links }, play: { counts } }: { recorded: RecordedPlan; play: RecordedPlay }) {
  const second = Math.floor(nowMs.value / 1_000) - 1;
  // The one before it may have had the same links.
  const firstSecond = Math.max(Math.floor((run.value?.started.atMs ?? 0) / 1_000), second - SECONDS_MAX + 1);
  const counted = links.filter(({ fromService, toService }) => counts.some(({ from, to }) => from === fromService && to === toService));
  const rows = [...topology.value.links.filter(({ isLoad }) => isLoad), ...counted]
    .map(({ name }): Row => {
      return { link: name, now: countsOf(name, [second - WINDOW_SECONDS + 1, second]), all: countsOf(name, [firstSecond, second]) };
    })
    .filter(({ all }) => all.accepted + all.refused + all.lost > 0);
  return (
    <>
      <Goodput links={topology.value.links.filter(({ isLoad }) => isLoad).map(({ name }) => name)} second={second} />
      <Table
        caption={`Answers since it began, and in the last ${WINDOW_SECONDS} seconds. Refused: 4xx. Lost: 5xx, or no whole answer.`}
        isCaptionShown
        columns={columns}
        rows={rows}
        keyOf={({ link }) => link}
        empty="Nothing was asked yet."
      />
    </>
  );
}

function countsOf(link: string, seconds: readonly [number, number]): Counts {
  const history = model.value?.histories.get(link);
  if (history === undefined) return { accepted: 0, refused: 0, lost: 0 };
  const sum = (name: Parameters<typeof sumOver>[1]): number => sumOver(history, name, seconds);
  const accepted = sum('answers2xx') + sum('answers3xx');
  const refused = sum('answers4xx');
  return { accepted, refused, lost: Math.max(0, sum('requests') - accepted - refused) };
}

/** What the load gets of the system, all in all. */
function Goodput({ links, second }: { links: readonly string[]; second: number }) {
  const all = links.map((link) => countsOf(link, [second - WINDOW_SECONDS + 1, second]));
  const perSecond = (count: (one: Counts) => number): string =>
    formatNumber(all.reduce((sum, one) => sum + count(one), 0) / WINDOW_SECONDS);
  if (links.length === 0) return null;
  return (
    <p class="goodput">
      <strong>{perSecond(({ accepted }) => accepted)}/s</strong> of the load are answered,{' '}
      <strong>{perSecond(({ refused, lost }) => refused + lost)}/s</strong> refused or lost.
    </p>
  );
}
