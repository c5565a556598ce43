/**
 * The weather of an incident: from the requests of a log, how much slower and how much more faulty each callee was than in its calm, in windows of
 * ten seconds; and a method that brings the same weather again. Pure. What a reader gets wrong: it replays what callers lived through, not what
 * caused it, so a cascade that the log holds is replayed as its symptoms.
 */
import { grouped } from '../core/grouped.js';
import type { LoggedRequest } from './logs/logged-request.js';
import { Names } from './names.js';

export const WINDOW_MS = 10_000;
/** Fewer requests than that in a window say nothing. */
const REQUESTS_MIN = 5;
/** A spell has to be so much worse than the calm. */
const SLOWER_MS_MIN = 20;
const SLOWER_RATIO_MIN = 0.5;
const ERROR_SHARE_MIN = 0.02;
/** Neighbouring windows that differ by less are one spell. */
const LIKENESS = 0.35;
/** Beyond it the calmest are left out. */
const SPELLS_MAX = 400;

/** One stretch in which a callee was not as usual. */
export interface Spell {
  host: string;
  /** From the first request of the log. */
  fromMs: number;
  toMs: number;
  /** What was added to the median answer, and how far half of the answers scattered around it; 0: none. */
  slowerMs: number;
  scatterMs: number;
  /** 0…1, above the usual. */
  errorShare: number;
  /** The most frequent error. */
  status: number;
}

interface Sample {
  fromMs: number;
  p50Ms: number | undefined;
  scatterMs: number;
  errorShare: number;
  status: number;
}

export function spellsOf(requests: readonly LoggedRequest[]): readonly Spell[] {
  const startMs = requests[0]?.atMs ?? 0;
  const byHost = grouped(requests, ({ host }) => host);
  const spells = [...byHost].flatMap(([host, own]) => spellsOfHost(host, own, startMs));
  const worst = [...spells].sort((a, b) => weight(b) - weight(a)).slice(0, SPELLS_MAX);
  return spells.filter((spell) => worst.includes(spell)).sort((a, b) => a.fromMs - b.fromMs);
}

function weight({ fromMs, toMs, slowerMs, errorShare }: Spell): number {
  return (toMs - fromMs) * (errorShare * 1_000 + slowerMs);
}

function spellsOfHost(host: string, requests: readonly LoggedRequest[], startMs: number): readonly Spell[] {
  const windows = grouped(requests, ({ atMs }) => Math.floor((atMs - startMs) / WINDOW_MS));
  const samples = [...windows]
    .filter(([, own]) => own.length >= REQUESTS_MIN)
    .sort(([a], [b]) => a - b)
    .map(([index, own]) => sampleOf(index * WINDOW_MS, own));
  // The calm is a low quartile, so that an incident that fills half of the log does not pass for it.
  const calmMs =
    quantile(
      samples.flatMap(({ p50Ms }) => p50Ms ?? []),
      0.25,
    ) ?? 0;
  const calmShare =
    quantile(
      samples.map(({ errorShare }) => errorShare),
      0.25,
    ) ?? 0;
  const spells: Spell[] = [];
  for (const { fromMs, p50Ms, scatterMs, errorShare, status } of samples) {
    const slower = (p50Ms ?? calmMs) - calmMs;
    const isSlow = slower >= Math.max(SLOWER_MS_MIN, calmMs * SLOWER_RATIO_MIN);
    const more = errorShare - calmShare;
    const isFaulty = more >= ERROR_SHARE_MIN;
    if (!isSlow && !isFaulty) continue;
    const spell = {
      host,
      fromMs,
      toMs: fromMs + WINDOW_MS,
      slowerMs: isSlow ? slower : 0,
      scatterMs: isSlow ? scatterMs : 0,
      errorShare: isFaulty ? more : 0,
      status,
    };
    const last = spells.at(-1);
    if (last !== undefined && last.toMs === fromMs && isLike(last, spell)) Object.assign(last, { toMs: spell.toMs });
    else spells.push(spell);
  }
  return spells;
}

function sampleOf(fromMs: number, requests: readonly LoggedRequest[]): Sample {
  const times = requests.flatMap(({ tookMs, status }) => (tookMs === null || isError(status) ? [] : [tookMs]));
  const errors = requests.filter(({ status }) => isError(status)).map(({ status }) => (status === 0 ? 503 : status));
  const [low, high] = [quantile(times, 0.25) ?? 0, quantile(times, 0.75) ?? 0];
  return {
    fromMs,
    p50Ms: quantile(times, 0.5),
    scatterMs: (high - low) / 2,
    errorShare: errors.length / requests.length,
    status: mostFrequent(errors) ?? 503,
  };
}

function isError(status: number): boolean {
  return status === 0 || status >= 500;
}

function isLike(a: Spell, b: Spell): boolean {
  const near = (x: number, y: number, floor: number): boolean => Math.abs(x - y) <= Math.max(x, y, floor) * LIKENESS && x > 0 === y > 0;
  return (
    near(a.slowerMs, b.slowerMs, SLOWER_MS_MIN) &&
    near(a.errorShare, b.errorShare, ERROR_SHARE_MIN) &&
    (a.errorShare === 0 || a.status === b.status)
  );
}

/** Nearest rank. */
function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

function mostFrequent(values: readonly number[]): number | undefined {
  const counts = [...grouped(values, (value) => value)].map(([value, own]) => [value, own.length] as const);
  return counts.sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** Steps that bring the spells again, each at its time. `service` is the callee of each host. */
export function methodOf(
  spells: readonly Spell[],
  { from, service }: { from: string; service: ReadonlyMap<string, string> },
): readonly Record<string, unknown>[] {
  const names = new Names();
  return spells.flatMap((spell) => {
    const to = service.get(spell.host) ?? '';
    const due = spell.fromMs > 0 ? [{ name: names.fresh(`${to}-${spell.fromMs / 1_000}s`), wait: `${spell.fromMs / 1_000}s` }] : [];
    const common = { target: { from, to }, exclude: 'probes', duration: `${(spell.toMs - spell.fromMs) / 1_000}s` };
    const step = (what: string, fault: Record<string, unknown>) => ({
      name: names.fresh(`${to}-${what}`),
      ...(due[0] && { startAfter: due[0].name }),
      fault: { ...common, ...fault },
    });
    return [
      ...due,
      ...(spell.slowerMs > 0 ? [step('slow', { type: 'delay', direction: 'down', value: delayOf(spell) })] : []),
      ...(spell.errorShare > 0
        ? [step('failing', { type: 'abort', percentage: Math.round(spell.errorShare * 1_000) / 10, value: { status: spell.status } })]
        : []),
    ];
  });
}

function delayOf({ slowerMs, scatterMs }: Spell): Record<string, unknown> {
  const [delay, jitter] = [Math.round(slowerMs), Math.round(scatterMs)];
  return { delay: `${delay}ms`, ...(jitter > 0 && { jitter: `${jitter}ms`, distribution: 'lognormal' }) };
}
