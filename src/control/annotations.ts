/**
 * What happened, as marks on a chart: the newest run with its phases, gates, stops and notes, and when which fault was on, of runs and of people alike. In the shape of
 * Grafana's annotations; what it draws of metrics alone needs none of this.
 */
import type { JournalEvent } from '../journal/events.js';
import type { LiveEvent, RunStarted } from '../orchestrator/run-news.js';
import type { LiveFaultWindow } from './live/contract.js';

/** Of one answer; the newest ones count. */
const ANNOTATIONS_MAX = 1_000;

export interface Annotation {
  /** Milliseconds since 1970. */
  time: number;
  /** Of what took time; that which goes on ends now. */
  timeEnd?: number;
  title: string;
  text: string;
  tags: readonly string[];
}

export interface Annotated {
  /** Undefined: no run has told of itself. */
  started: RunStarted | undefined;
  events: readonly LiveEvent[];
  windows: readonly LiveFaultWindow[];
  /** On the clock of the events. */
  nowMs: number;
  toWallMs(atMs: number): number;
}

/** Oldest first: all that lie between two instants of the wall clock, in whole or in part. */
export function annotationsBetween(annotated: Annotated, { fromMs, toMs }: { fromMs: number; toMs: number }): readonly Annotation[] {
  return [...ofRun(annotated), ...annotated.windows.map((window) => ofFault(window, annotated))]
    .filter(({ time, timeEnd = time }) => time <= toMs && timeEnd >= fromMs)
    .sort((a, b) => a.time - b.time)
    .slice(-ANNOTATIONS_MAX);
}

function ofRun(annotated: Annotated): readonly Annotation[] {
  const { started, events, nowMs } = annotated;
  if (started === undefined) return [];
  const { title } = started.plan;
  const ended = events.find((event) => event.type === 'runEnded');
  const run = region(annotated, {
    fromMs: started.atMs,
    toMs: ended?.atMs ?? nowMs,
    title: `run ${title}`,
    text: `${started.run}${ended === undefined ? '' : `: ${ended.reason ?? ended.status}`}`,
    tags: ['run', ended?.status ?? 'running'],
  });
  return [run, ...spansOf(annotated), ...events.flatMap((event) => momentOf(event, annotated))];
}

/** Phases and gates: each from its start to its end. */
function spansOf(annotated: Annotated): readonly Annotation[] {
  const { events, nowMs } = annotated;
  return events.flatMap((event, i): Annotation[] => {
    const endMs = (isEnd: (later: LiveEvent) => boolean): number => events.slice(i).find(isEnd)?.atMs ?? nowMs;
    if (event.type === 'phaseStarted') {
      const toMs = endMs((later) => later.type === 'phaseEnded' && later.phase === event.phase);
      return [region(annotated, { fromMs: event.atMs, toMs, title: event.phase, text: '', tags: ['phase', event.phase] })];
    }
    if (event.type === 'gateOpened') {
      const toMs = endMs((later) => later.type === 'gateClosed' && later.gate === event.gate);
      return [region(annotated, { fromMs: event.atMs, toMs, title: `gate ${event.gate}`, text: event.question, tags: ['gate'] })];
    }
    return [];
  });
}

function ofFault({ fault, type, proxies, fromMs, toMs, how }: LiveFaultWindow, annotated: Annotated): Annotation {
  return region(annotated, {
    fromMs,
    toMs: toMs ?? annotated.nowMs,
    title: fault,
    text: `${type} on ${proxies.join(', ')}${how === null ? '' : `; ended: ${how}`}`,
    tags: ['fault', type],
  });
}

/** What happened at one instant, where it is worth a mark. */
function momentOf(event: LiveEvent, { toWallMs }: Annotated): readonly Annotation[] {
  const said = saidBy(event);
  return said === undefined ? [] : [{ time: Math.round(toWallMs(event.atMs)), tags: [said.tag], title: said.title, text: said.text }];
}

function saidBy(event: JournalEvent): { tag: string; title: string; text: string } | undefined {
  switch (event.type) {
    case 'stopTripped':
      return { tag: 'stop', title: `stop condition: ${event.condition}`, text: event.detail };
    case 'signal':
      return { tag: 'stop', title: `${event.name} from the operator`, text: '' };
    case 'errorRaised':
      return { tag: 'error', title: event.code, text: event.message };
    case 'healFailed':
      return { tag: 'unhealed', title: 'healing is not confirmed', text: event.reason };
    case 'note':
      return { tag: 'note', title: event.by ?? 'note', text: event.text };
    default:
      return undefined;
  }
}

interface Region extends Pick<Annotation, 'title' | 'text' | 'tags'> {
  fromMs: number;
  toMs: number;
}

function region({ toWallMs }: Annotated, { fromMs, toMs, ...said }: Region): Annotation {
  return { time: Math.round(toWallMs(fromMs)), timeEnd: Math.round(toWallMs(toMs)), ...said };
}
