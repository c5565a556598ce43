/** What callers saw beside what health checks said, held against the longest time that they may disagree. */
import { formatMs } from '../../core/units.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import { isSuccess } from '../../journal/observations.js';
import type { Measurement } from '../check.js';
import type { Disagreement } from '../inference/sickness.js';
import { wilson } from '../inference/statistics.js';
import { atMost, formatSpan, type Rule } from './rule.js';
import { formatShare } from './share.js';

/** Cells that a finding shows, the sickest first. */
const CELLS_SHOWN_MAX = 40;

/** The cell that the verdict rests on: one that surely took too long, else one that may have, else the longest. */
export function deciding(disagreements: readonly Disagreement[], maxMs: number): Disagreement | undefined {
  const withMet = (met: boolean | null) => disagreements.find(({ interval }) => atMost(interval, maxMs) === met);
  return withMet(false) ?? withMet(null) ?? disagreements[0];
}

export function agreement({ cell, lengthMs, interval }: Disagreement, { checks, maxMs }: { checks: ExchangeList; maxMs: number }): Rule {
  const limit = `<= ${formatMs(maxMs)}`;
  const met = atMost(interval, maxMs);
  const good = checks.filter(isSuccess).length;
  const saw = `${cell.caller} saw ${cell.bad.length} of ${cell.requests.length} ${cell.route} to ${cell.instance} fail (${formatShare(cell.bad.length / cell.requests.length)})`;
  const said = `${good} of ${checks.length} health checks of it succeeded`;
  const says = `${saw} while ${said}; they disagreed for ${formatSpan(interval)} at a stretch (promised: ${limit})`;
  return { name: 'longest disagreement', value: lengthMs, unit: 'ms', interval, samples: cell.requests.length, limit, met, says };
}

/** Caller × instance × route beside what the health checks said. */
export function observerMatrix(disagreements: readonly Disagreement[], checksOf: ReadonlyMap<string, ExchangeList>): Measurement[] {
  const share = (name: string, hits: number, samples: number): Measurement => ({
    name,
    value: samples === 0 ? null : hits / samples,
    unit: 'ratio',
    interval: wilson(hits, samples),
    samples,
  });
  return [
    ...disagreements
      .slice(0, CELLS_SHOWN_MAX)
      .map(({ cell }) => share(`${cell.caller} -> ${cell.instance} ${cell.route}: failed`, cell.bad.length, cell.requests.length)),
    ...[...checksOf].map(([instance, seen]) =>
      share(`health checks of ${instance}: failed`, seen.filter((e) => !isSuccess(e)).length, seen.length),
    ),
  ];
}

export function otherObservers({ cell }: Disagreement, all: readonly Disagreement[]): string[] {
  const peers = all.filter((other) => other.cell.instance === cell.instance && other.cell.caller !== cell.caller);
  const agreeing = peers.filter((other) => other.lengthMs > 0).map((other) => other.cell.caller);
  if (agreeing.length > 0)
    return [`a sick caller or link: ruled out, ${[...new Set(agreeing)].join(', ')} saw ${cell.instance} sick as well`];
  return [`a sick caller or link: not ruled out, ${peers.length === 0 ? 'nobody else' : 'no other caller'} saw ${cell.instance} sick`];
}
