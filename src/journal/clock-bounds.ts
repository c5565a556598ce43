/**
 * How certain the times are that other hosts told of. What a link saw was noted by the clock of the host that carries it, and put on the run's clock as well as the two
 * could be compared; here is how well, and what the record would be if each of those clocks were off by all that it may be.
 */
import { ExchangeColumns } from './columns/exchange-columns.js';
import { plain } from './columns/exchange-view.js';
import type { JournalEvent } from './events.js';
import { Exchanges } from './exchanges.js';
import type { RunRecord } from './record.js';

/** Times of these links may be wrong by so much, all in the same direction at any one time. */
export interface ClockBound {
  agent: string;
  links: readonly string[];
  /** The worst of the run. */
  boundMs: number;
}

/** Takes in one comparison; what is not known is a gap. */
export function compareClock(
  record: { clocks?: readonly ClockBound[]; gaps: string[] },
  { agent, links, boundMs }: Extract<JournalEvent, { type: 'clockCompared' }>,
): void {
  if (boundMs === null) {
    if (links.length > 0) record.gaps.push(`the clock of agent ${agent} was never compared with that of the run`);
    return;
  }
  const known = record.clocks ?? [];
  const before = known.find((clock) => clock.agent === agent);
  const merged = { agent, links: [...new Set([...(before?.links ?? []), ...links])], boundMs: Math.max(before?.boundMs ?? 0, boundMs) };
  record.clocks = [...known.filter((clock) => clock !== before), merged];
}

/** The record if the clocks of these agents had shown so many milliseconds more: what was seen by them happened that much later. */
export function onClocks(record: RunRecord, aheadMs: ReadonlyMap<string, number>): RunRecord {
  const byLink = new Map(record.clocks?.flatMap(({ agent, links }) => links.map((link) => [link, aheadMs.get(agent) ?? 0] as const)));
  const columns = new ExchangeColumns();
  for (const exchange of record.exchanges) columns.push(later(plain(exchange), byLink.get(exchange.link) ?? 0));
  return {
    ...record,
    exchanges: new Exchanges(columns),
    connections: record.connections.map((connection) => later(connection, byLink.get(connection.link) ?? 0)),
  };
}

const INSTANTS = ['startMs', 'requestEndMs', 'responseStartMs', 'endMs'] as const;

function later<T extends { startMs: number; endMs: number }>(seen: T, ms: number): T {
  const instants: Partial<Record<(typeof INSTANTS)[number], number>> = seen;
  const moved = INSTANTS.flatMap((name) => (instants[name] === undefined ? [] : [[name, instants[name] + ms] as const]));
  return { ...seen, ...Object.fromEntries(moved) };
}
