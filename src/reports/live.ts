/** The picture of a run under way, as lines for a terminal: never more than eighteen of them, each in two at most where it is narrow, never wider than it is. Pure; whoever owns the cursor draws it. */
import colours from 'picocolors';
import { formatMs } from '../core/units.js';
import { frontDoorOf, type LiveView, type RunningFault } from './live-view.js';
import { printable, shorten } from './printable.js';
import { formatInstant, formatNumber, formatRatio } from './wording.js';

export interface LiveOptions {
  /** The clock's instant, of the same clock as the events. */
  nowMs: number;
  /** Width of the terminal in characters; 100 by default. */
  columns?: number;
  /** Default false. */
  colour?: boolean;
  /** The line on which somebody types, and what was wrong with the last one; undefined where nobody can. */
  input?: LiveInput | undefined;
  /** Nobody can do anything about it any more. Default false. */
  isOver?: boolean;
}
export interface LiveInput {
  text: string;
  cursor: number;
  hint: string;
}

/** Promises named one by one, those that are broken first; the others are counted. */
const PROMISES_MAX = 4;
/** Faults named one by one; the others are counted. */
const FAULTS_MAX = 4;
const BAR_WIDTH_MAX = 24;
/** A shorter bar tells nothing. */
const BAR_WIDTH_MIN = 6;
/** Of what goes on in a second line. */
const INDENT = 13;

type Paint = ReturnType<typeof colours.createColors>;

/** Lines are cut before they are painted: a colour code has no width. */
interface Line {
  text: string;
  paint: (text: string) => string;
}

export function renderLive(view: LiveView, { nowMs, columns = 100, colour = false, input, isOver = false }: LiveOptions): string[] {
  const width = Math.max(20, columns - 1);
  const paint = colours.createColors(colour);
  const plain = (text: string): string => text;
  const lines: Line[] = [
    { text: headline(view, { nowMs, width }), paint: paint.bold },
    { text: frontDoor(view, nowMs), paint: plain },
    ...faultLines(view, nowMs, paint),
    { text: probeLine(view), paint: view.probes.some((p) => p.met === false) ? paint.red : plain },
    ...promiseLines(view, paint),
    ...(view.lost > 0 ? [{ text: `  ! ${view.lost} observations lost: the verdict will be inconclusive`, paint: paint.yellow }] : []),
    ...view.news.map((text) => ({ text, paint: paint.dim })),
    ...(isOver ? [] : leverLines(view, { nowMs, paint, input, width })),
  ];
  return lines.flatMap(({ text, paint: painted }) => folded(printable(text), width).map(painted));
}

/** One line, or two at a space near the end of the first; what is longer is cut. */
function folded(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const space = text.lastIndexOf(' ', width);
  // A word as long as the line, or a line that is mostly indent, would gain nothing.
  if (space < width / 2) return [shorten(text, width)];
  return [text.slice(0, space).trimEnd(), shorten(' '.repeat(INDENT) + text.slice(space).trimStart(), width)];
}

function headline({ title, phase, startedMs, plannedMs }: LiveView, { nowMs, width }: { nowMs: number; width: number }): string {
  const elapsedMs = Number.isNaN(startedMs) ? 0 : Math.max(0, nowMs - startedMs);
  const clock = formatInstant(elapsedMs, 0);
  const where = `${title}  ${phase ?? 'starting'}`;
  if (plannedMs === null || plannedMs <= 0) return `${where}  ${clock}`;
  const time = `${clock} of about ${formatInstant(plannedMs, 0)}`;
  const room = Math.min(BAR_WIDTH_MAX, width - where.length - time.length - 4);
  if (room < BAR_WIDTH_MIN) return `${where}  ${time}`;
  // A run that takes longer than planned stays just short of full: it is not over.
  const filled = Math.min(room - 1, Math.floor((elapsedMs / plannedMs) * room));
  return `${where}  ${'█'.repeat(filled)}${'░'.repeat(room - filled)}  ${time}`;
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
  const one = ({ step, summary, untilMs }: RunningFault, i: number): Line => {
    const leftMs = Math.max(0, untilMs - nowMs);
    const left = Number.isFinite(leftMs) ? `${formatInstant(leftMs, 0)} left` : 'no end known';
    return { text: `  ${i === 0 ? 'faults  ' : '        '}  ▲ ${step} (${left}): ${summary}`, paint: paint.yellow };
  };
  const shown = faults.slice(0, FAULTS_MAX).map(one);
  const more = faults.length - FAULTS_MAX;
  return more > 0 ? [...shown, { text: `             and ${more} more`, paint: paint.yellow }] : shown;
}

function probeLine({ probes }: LiveView): string {
  if (probes.length === 0) return '  steady     no probe asked yet';
  const sign = (met: boolean | null): string => (met === null ? '?' : met ? '✔' : '✘');
  return `  steady     ${probes.map((p) => `${sign(p.met)} ${p.probe}`).join('   ')}`;
}

/** What is open is a count; what is broken comes first. */
function promiseLines({ soFar }: LiveView, paint: Paint): Line[] {
  if (soFar.length === 0) return [];
  const broken = soFar.filter(({ state }) => state === 'fail' || state === 'error').map(({ name }) => `✘ ${name}`);
  const kept = soFar.filter(({ state }) => state === 'pass').map(({ name }) => `✔ ${name}`);
  const told = [...broken, ...kept];
  const rest = [
    ...(told.length > PROMISES_MAX ? [`and ${told.length - PROMISES_MAX} more`] : []),
    ...(told.length < soFar.length ? [`· ${soFar.length - told.length} open`] : []),
  ];
  return [
    {
      text: `  so far     ${[...told.slice(0, PROMISES_MAX), ...rest].join('   ')}`,
      paint: broken.length > 0 ? paint.red : (text) => text,
    },
  ];
}

interface LeverOptions extends Pick<LiveOptions, 'nowMs' | 'input'> {
  paint: Paint;
  width: number;
}

/** What somebody can do: answer, write a note, stop. */
function leverLines(view: LiveView, options: LeverOptions): Line[] {
  const { input, paint, width } = options;
  const plain = (text: string): string => text;
  const note = input === undefined ? '' : ' · type a line for a note';
  return [
    ...gateLines(view, options),
    ...(input === undefined ? [] : [{ text: inputLine(input, width), paint: plain }]),
    { text: `  Ctrl-C stops and heals · \`faultlab halt\` anywhere ends every fault${note}`, paint: paint.dim },
  ];
}

/** The one that has waited longest; it is the one that is answered. */
function gateLines({ gates }: LiveView, { nowMs, paint, input }: LeverOptions): Line[] {
  const [gate] = gates;
  if (gate === undefined) return [];
  const who = gate.by.length > 0 ? ` (${gate.by.join(', ')})` : '';
  const more = gates.length > 1 ? `, and ${gates.length - 1} more` : '';
  const left = formatInstant(Math.max(0, gate.untilMs - nowMs), 0);
  const how = input === undefined ? `faultlab approve ${gate.gate}` : 'y approves · n refuses';
  return [
    {
      text: `  waits      ${[gate.gate, gate.question].filter((text) => text !== '').join(': ')}${who}, ${left} left${more}`,
      paint: paint.bold,
    },
    { text: `  answer     ${input?.hint || how}`, paint: paint.yellow },
  ];
}

/** The part of the line around the cursor that fits. */
function inputLine({ text, cursor }: LiveInput, width: number): string {
  const room = width - 6;
  const from = Math.max(0, cursor - room);
  return `  > ${text.slice(from, cursor)}▏${text.slice(cursor, from + room)}`;
}
