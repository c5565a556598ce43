/** How a link does now, in figures. */
import { formatMs } from '../../../../../../src/core/units.js';
import { formatNumber, formatRatio } from '../../../../../../src/reports/wording.js';
import { formatBytes } from '../../../parts/figures.js';
import { type LinkNow, WINDOW_SECONDS } from '../../../state/link-now.js';
import { linksNow } from '../../../state/now.js';
import { definePanel } from './panel.js';
import { StatusMix } from './status-mix.js';

function LinkFigures({ selected }: { selected: { kind: string; name?: string } }) {
  const now = linksNow.value.get(selected.name ?? '');
  if (now === undefined) return null;
  return (
    <>
      <dl class="link-facts">
        {factsOf(now).map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <StatusMix answers={now.answers} />
    </>
  );
}

function factsOf(now: LinkNow): readonly (readonly [string, string])[] {
  const ms = (value: number | undefined): string => (value === undefined ? '–' : formatMs(value));
  const ratio = (value: number | undefined): string => (value === undefined ? '–' : formatRatio(value));
  return [
    ['requests/s', formatNumber(now.requestsPerSecond)],
    ['errors', ratio(now.errorRatio)],
    ['touched by faults', ratio(now.faultedRatio)],
    ['p50', ms(now.p50Ms)],
    ['p90', ms(now.p90Ms)],
    ['p99', ms(now.p99Ms)],
    ['bytes/s', formatBytes(now.bytesPerSecond)],
    ['connections', now.connections === undefined ? '–' : String(now.connections)],
  ];
}

export const linkFigures = definePanel({
  name: 'linkFigures',
  place: 10,
  title: `Last ${WINDOW_SECONDS} seconds`,
  suits: ({ kind }) => kind === 'link',
  Component: LinkFigures,
});
