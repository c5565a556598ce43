/** How the reports say things: instants, figures, verdicts. One place, so that the terminal and the page use the same words. */
import { formatMs } from '../core/units.js';
import type { RecordedMachine } from '../journal/events.js';
import type { Measurement, Verdict } from '../verify/check.js';

/** An instant as time since the run's start: `1:04.2`. The journal's own clock means nothing to a reader. */
export function formatInstant(atMs: number, startMs: number): string {
  if (!Number.isFinite(atMs) || !Number.isFinite(startMs)) return '–';
  const tenths = Math.max(0, Math.round((atMs - startMs) / 100));
  const seconds = Math.floor(tenths / 10) % 60;
  return `${Math.floor(tenths / 600)}:${String(seconds).padStart(2, '0')}.${tenths % 10}`;
}

/** `98.2 %` of a ratio; as many nines as there are, because 99.95 % is not 100 %. */
export function formatRatio(ratio: number): string {
  const text = (ratio * 100).toFixed(1);
  if (ratio < 1 && text === '100.0') return '> 99.9 %';
  if (ratio > 0 && text === '0.0') return '< 0.1 %';
  return `${text.replace(/\.0$/, '')} %`;
}

/** A number with no more digits than a person reads. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

/** A measured value with its unit, and the interval where there is one: `0.71s (0.64s … 0.79s)`. */
export function formatMeasured({ value, unit, interval }: Measurement): string {
  if (value === null) return 'not seen';
  if (typeof value === 'string') return value;
  const say = unit === 'ms' ? formatMs : formatNumber;
  const shown = unit === 'requests' ? `${say(value)} ${value === 1 ? 'request' : 'requests'}` : say(value);
  return interval ? `${shown} (${say(interval[0])} … ${say(interval[1])})` : shown;
}

/** The verdict for people who see no colour: a sign and a word. */
export const VERDICT_WORDS: Readonly<Record<Verdict, { sign: string; word: string }>> = {
  pass: { sign: '✔', word: 'PASS' },
  fail: { sign: '✘', word: 'FAIL' },
  inconclusive: { sign: '?', word: 'INCONCLUSIVE' },
  error: { sign: '!', word: 'ERROR' },
};

/** What became of a gate. */
export const DECISION_WORDS = { approved: 'approved', refused: 'refused', timedOut: 'nobody answered in time' } as const;

/** A machine in a line: `4 cores of AMD EPYC 7B13, 15.6 GiB, linux 6.1.0 x64, node v20.20.2`. */
export function machineWords({ cores, processor, memoryBytes, system, node }: RecordedMachine): string {
  const memory = `${formatNumber(Math.round((memoryBytes / 1024 ** 3) * 10) / 10)} GiB`;
  return `${plural(cores, 'core')} of ${processor}, ${memory}, ${system}, node ${node}`;
}

/** `outlierEjection` → `outlier ejection`. */
export function spaced(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}

/** A, B … Z, AA …: the letter of the n-th fault, which ties the timeline to the tables. */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
