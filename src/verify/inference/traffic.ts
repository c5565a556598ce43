/**
 * Which exchanges are data traffic between two services. Health and readiness requests are not: a host that is out of rotation still
 * answers them, so one counted probe would hide an ejection. What the load asks for is data, whatever its path. What the observation does not
 * carry (the user agent) cannot be filtered by.
 */
import type { RecordedPlan } from '../../journal/events.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import type { List, RowList } from '../../journal/list.js';
import { isSuccess, LOAD } from '../../journal/observations.js';
import type { FaultWindow, RecordedExchange, RecordedSum, RunRecord, Window } from '../../journal/record.js';
import { SUM_MS } from '../../journal/traffic-sum.js';
import { lowerBound } from './statistics.js';

/** Names of a service and, where it matters, of one of its instances. */
export interface Party {
  service: string;
  instance?: string;
}

/** Instances of a service by name; `load` is its own only instance, and an instance may be named in place of a service. */
export function instancesOf({ plan }: Pick<RunRecord, 'plan'>, name: string): readonly string[] {
  if (name === LOAD) return [LOAD];
  return plan.services.find((service) => service.name === name)?.instances ?? [name];
}

/** Data exchanges from any of the callers to any of the callees, in order of start. What a fault has sent once more, no caller has sent. */
export function dataExchanges(
  { plan, exchanges }: RunRecord,
  { from, to, copiesToo = false }: { from: readonly string[]; to: readonly string[]; copiesToo?: boolean },
): RowList<RecordedExchange> {
  const probePaths = probePathsOf(plan, to);
  return exchanges.once(['data', from, to, copiesToo, [...probePaths]], () => {
    const [callers, callees] = [new Set(from), new Set(to)];
    const isProbe = exchanges.columns.pathTest(probePaths);
    return exchanges
      .having((one) => (copiesToo || !one.isCopy) && callers.has(one.from) && callees.has(one.to))
      .withRows((row) => exchanges.columns.common(row).from === LOAD || !isProbe(row));
  });
}

/** The sums of such exchanges, in order of their seconds. */
export function dataSums(record: RunRecord, { from, to }: { from: readonly string[]; to: readonly string[] }): RecordedSum[] {
  return record.sums.filter((sum) => !sum.isCopy && !sum.isProbe && from.includes(sum.from) && to.includes(sum.to));
}

/** When, in this window, exchanges began to be kept only as sums; undefined if none was. */
export function summedFromMs({ sums }: RunRecord, { fromMs, toMs }: Window): number | undefined {
  const first = sums.find((sum) => sum.fromMs + SUM_MS > fromMs && sum.fromMs < toMs);
  return first === undefined ? undefined : Math.max(fromMs, first.fromMs);
}

/** Why nothing is known of what a service sent; undefined when it is known, as it always is of the load. */
export function unseenFrom(record: RunRecord, from: string): string | undefined {
  const { linksUnseen } = record.plan;
  return linksUnseen === undefined || from === LOAD ? undefined : `requests from ${from} were not seen: ${linksUnseen}`;
}

/** Health and readiness exchanges from any caller to one instance; the load is none, whatever its path. */
export function probeExchanges({ plan, exchanges }: RunRecord, instance: string, window: Window): ExchangeList {
  const toInstance = exchanges.having(({ from, to }) => from !== LOAD && to === instance);
  return within(toInstance.withRows(exchanges.columns.pathTest(probePathsOf(plan, [instance]))), window);
}

function probePathsOf({ services }: RecordedPlan, instances: readonly string[]): ReadonlySet<string> {
  const probed = services.filter((service) => service.instances.some((instance) => instances.includes(instance)));
  return new Set(probed.flatMap((service) => service.probePaths));
}

/** What of a list in order of start began in [fromMs, toMs). */
export function within<T extends { startMs: number }>(ordered: readonly T[], window: Window): readonly T[];
export function within<T extends { startMs: number }>(ordered: RowList<T>, window: Window): RowList<T>;
export function within<T extends { startMs: number }>(ordered: List<T>, window: Window): List<T>;
export function within<T extends { startMs: number }>(ordered: List<T>, { fromMs, toMs }: Window): List<T> {
  const startOf = (item: T): number => item.startMs;
  return ordered.slice(lowerBound(ordered, fromMs, startOf), lowerBound(ordered, toMs, startOf));
}

/**
 * The phase without faults in which the traffic is calibrated; undefined when it was never finished. Of one so long that the journal holds only sums
 * of its end, the part before.
 */
export function baselineOf(record: RunRecord): Window | undefined {
  const phase = record.phases.find((p) => p.phase === 'baseline');
  if (phase === undefined || !Number.isFinite(phase.toMs)) return undefined;
  return { fromMs: phase.fromMs, toMs: summedFromMs(record, phase) ?? phase.toMs };
}

/**
 * Whether the fault reached this exchange. HTTP faults say so on the exchange; a fault on the bytes underneath does not, so an exchange that
 * failed on one of its links while it was on counts as well.
 */
export function isFaulted(exchange: RecordedExchange, fault: FaultWindow): boolean {
  if (exchange.applied?.includes(fault.fault)) return true;
  const overlaps = exchange.startMs < fault.toMs && exchange.endMs > fault.fromMs;
  return overlaps && !isSuccess(exchange) && fault.planned.links.includes(exchange.link);
}
