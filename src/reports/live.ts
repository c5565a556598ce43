/** The picture of a run under way, as lines for a terminal: never more than twelve, never wider than it is. Pure; whoever owns the cursor draws it. */
import colours from 'picocolors';
import { formatMs } from '../core/units.js';
import { frontDoorOf, type LiveFault, type LiveView } from './live-view.js';
import { printable, shorten } from './printable.js';
import { formatInstant, formatNumber, formatRatio } from './wording.js';

export interface LiveOptions {
  /** The clock's instant, of the same clock as the events. */
  nowMs: number;
  /** Width of the terminal in characters; 100 by default. */
  columns?: number;
  /** Default false. */
  colour?: boolean;
}

/** Faults named one by one; the others are counted. */
const FAULTS_MAX = 4;
const BAR_WIDTH = 24;

type Paint = ReturnType<typeof colours.createColors>;

/** Lines are cut before they are painted: a colour code has no width. */
interface Line {
  text: string;
  paint: (text: string) => string;
}

export function renderLive(view: LiveView, { nowMs, columns = 100, colour = false }: LiveOptions): string[] {
  const paint = colours.createColors(colour);
  const plain = (text: string): string => text;
  const lines: Line[] = [
    { text: headline(view, nowMs), paint: paint.bold },
    { text: frontDoor(view, nowMs), paint: plain },
    ...faultLines(view, nowMs, paint),
    { text: probeLine(view), paint: view.probes.some((p) => p.met === false) ? paint.red : plain },
    ...(view.lost > 0 ? [{ text: `  ! ${view.lost} observations lost: the verdict will be inconclusive`, paint: paint.yellow }] : []),
    ...view.news.map((text) => ({ text, paint: paint.dim })),
  ];
  return lines.map(({ text, paint: painted }) => painted(shorten(printable(text), Math.max(20, columns - 1))));
}

function headline({ title, phase, startedMs, plannedMs }: LiveView, nowMs: number): string {
  const elapsedMs = Number.isNaN(startedMs) ? 0 : Math.max(0, nowMs - startedMs);
  const clock = formatInstant(elapsedMs, 0);
  if (plannedMs === null || plannedMs <= 0) return `${title}  ${phase ?? 'starting'}  ${clock}`;
  // A run that takes longer than planned stays just short of full: it is not over.
  const filled = Math.min(BAR_WIDTH - 1, Math.floor((elapsedMs / plannedMs) * BAR_WIDTH));
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  return `${title}  ${phase ?? 'starting'}  ${bar}  ${clock} of about ${formatInstant(plannedMs, 0)}`;
}

function frontDoor(view: LiveView, nowMs: number): string {
  const { ratePerSecond, successRatio, p99Ms } = frontDoorOf(view, nowMs);
  if (successRatio === null) return '  users      no answers in the last seconds';
  // The journal of a long run sums requests, and tells them late and without single times.
  const p99 = p99Ms === null ? 'summed, seconds late' : `p99 ${formatMs(p99Ms)}`;
  const figures = `${formatNumber(Math.round(ratePerSecond))}/s   good ${formatRatio(successRatio)}   ${p99}`;
  return `  users      ${figures}   harmed so far ${view.harmed} of ${view.sent}`;
}

function faultLines({ faults }: LiveView, nowMs: number, paint: Paint): Line[] {
  if (faults.length === 0) return [{ text: '  faults     none on', paint: (text) => text }];
  const one = ({ step, summary, untilMs }: LiveFault, i: number): Line => {
    const leftMs = Math.max(0, untilMs - nowMs);
    const left = Number.isFinite(leftMs) ? `${formatInstant(leftMs, 0)} left` : 'no end known';
    return { text: `  ${i === 0 ? 'faults  ' : '        '}  ▲ ${step}: ${summary} (${left})`, paint: paint.yellow };
  };
  const shown = faults.slice(0, FAULTS_MAX).map(one);
  const more = faults.length - FAULTS_MAX;
  return more > 0 ? [...shown, { text: `             and ${more} more`, paint: paint.yellow }] : shown;
}

function probeLine({ probes }: LiveView): string {
  if (probes.length === 0) return '  probes     none asked yet';
  const sign = (met: boolean | null): string => (met === null ? '?' : met ? '✔' : '✘');
  return `  probes     ${probes.map((p) => `${sign(p.met)} ${p.probe}`).join('   ')}`;
}
