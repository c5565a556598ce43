/**
 * What the page knows of its daemon: the snapshot, and every message since folded into it. Pure but for the histories of links, which are
 * written in place (`link-history.ts`); whoever draws them looks at `nowMs` to learn that there is more.
 */
import type {
  LiveEvent,
  LiveFaultWindow,
  LiveHistory,
  LiveMessages,
  LiveRun,
  LiveSnapshot,
  LiveState,
} from '../../../../src/control/live/contract.js';
import type { LinkSecond } from '../../../../src/journal/link-second.js';
import { createHistory, fillHistory, type LinkHistory, putSecond } from './link-history.js';

export interface Model {
  /** Of this life of the daemon. */
  boot: string;
  version: string;
  environment: string;
  /** Of the newest second told, on the clock of the daemon. */
  nowMs: number;
  /** Turns an instant of the daemon into one since 1970. */
  wallOffsetMs: number;
  run: LiveRun | null;
  /** Of that run, the newest `EVENTS_MAX`. */
  events: readonly LiveEvent[];
  faultWindows: readonly LiveFaultWindow[];
  state: LiveState;
  histories: ReadonlyMap<string, LinkHistory>;
  /** Links that had no place any more: there are more than `LINKS_MAX`. */
  linksLeftOut: number;
}

/** One of what the stream tells. */
export type LiveMessage = { [K in keyof LiveMessages]: { event: K; data: LiveMessages[K] } }[keyof LiveMessages];

/** The daemon keeps as many; the oldest go first. */
export const EVENTS_MAX = 5_000;
export const FAULT_WINDOWS_MAX = 2_000;
/** 190 KiB each: 80 MiB of a browser's memory. Links beyond it are drawn, and have no figures. */
export const LINKS_MAX = 430;

/** A snapshot of the same life of the daemon keeps what is known of the hour before. */
export function modelOf(snapshot: LiveSnapshot, before: Model | null): Model {
  const { boot, version, environment, nowMs, wallMs, run, events, faultWindows, history } = snapshot;
  const { proxies, proxiesTotal, faults, gates, halted, claimedBy } = snapshot;
  return {
    boot,
    version,
    environment,
    nowMs,
    wallOffsetMs: wallMs - nowMs,
    run,
    events: events.slice(-EVENTS_MAX),
    faultWindows: faultWindows.slice(-FAULT_WINDOWS_MAX),
    state: { proxies, proxiesTotal, faults, gates, halted, claimedBy },
    ...withHistories(before !== null && before.boot === boot ? before.histories : new Map(), history),
  };
}

function withHistories(known: ReadonlyMap<string, LinkHistory>, told: readonly LiveHistory[]): Pick<Model, 'histories' | 'linksLeftOut'> {
  const histories = new Map(known);
  let linksLeftOut = 0;
  for (const one of told) {
    const history = histories.get(one.link) ?? createHistory(one.link, one.fromSecond);
    if (!histories.has(one.link) && histories.size >= LINKS_MAX) linksLeftOut += 1;
    else histories.set(one.link, history);
    fillHistory(history, one);
  }
  return { histories, linksLeftOut };
}

/** Folds what came since the last time, in order, as one step: however much it is, it is drawn once. */
export function fold(model: Model, messages: readonly LiveMessage[]): Model {
  let next = model;
  const events: LiveEvent[] = [];
  for (const message of messages) {
    if (message.event === 'journal') events.push(message.data);
    else if (message.event === 'run') {
      events.length = 0;
      next = { ...next, run: message.data, events: [] };
    } else next = foldOne(next, message);
  }
  return events.length === 0 ? next : withEvents(next, events);
}

function foldOne(model: Model, message: Exclude<LiveMessage, { event: 'journal' | 'run' }>): Model {
  switch (message.event) {
    case 'second': {
      const { nowMs, wallMs, seconds, faults } = message.data;
      const told = { ...model, nowMs, wallOffsetMs: wallMs - nowMs, state: { ...model.state, faults } };
      return withSeconds(told, seconds, Math.floor(nowMs / 1_000) - 1);
    }
    case 'state':
      return { ...model, state: message.data };
    case 'fault':
      return { ...model, faultWindows: withWindow(model.faultWindows, message.data) };
    case 'verdicts':
      return model.run === null ? model : { ...model, run: { ...model.run, verdicts: message.data } };
    case 'fleet':
      return model.run === null ? model : { ...model, run: { ...model.run, fleet: message.data } };
    case 'gap':
      // The wire takes a new snapshot; until it is there, what is known stays.
      return model;
  }
}

/** A link that is new was silent before: `knownFrom` is where the daemon would have told of it. */
function withSeconds(model: Model, seconds: readonly LinkSecond[], knownFrom: number): Model {
  const fresh = [...new Set(seconds.map(({ link }) => link))].filter((link) => !model.histories.has(link));
  const room = Math.max(0, LINKS_MAX - model.histories.size);
  const added = fresh.slice(0, room).map((link): [string, LinkHistory] => [link, createHistory(link, knownFrom)]);
  const histories = added.length === 0 ? model.histories : new Map([...model.histories, ...added]);
  for (const told of seconds) {
    const history = histories.get(told.link);
    if (history !== undefined) putSecond(history, told);
  }
  return { ...model, histories, linksLeftOut: Math.max(model.linksLeftOut, fresh.length - room) };
}

function withWindow(windows: readonly LiveFaultWindow[], told: LiveFaultWindow): readonly LiveFaultWindow[] {
  const at = windows.findLastIndex(({ fault, fromMs }) => fault === told.fault && fromMs === told.fromMs);
  if (at >= 0) return windows.with(at, told);
  return [...windows, told].slice(-FAULT_WINDOWS_MAX);
}

function withEvents(model: Model, events: readonly LiveEvent[]): Model {
  const kept = [...model.events, ...events].slice(-EVENTS_MAX);
  return model.run === null ? { ...model, events: kept } : { ...model, events: kept, run: runAfter(model.run, events) };
}

/** Phase and end of the run, as its events tell of them. */
function runAfter(run: LiveRun, events: readonly LiveEvent[]): LiveRun {
  let { phase, ended } = run;
  for (const event of events) {
    if (event.type === 'phaseStarted') phase = event.phase;
    else if (event.type === 'phaseEnded' && event.phase === phase) phase = null;
    else if (event.type === 'runEnded') ended = event;
  }
  return phase === run.phase && ended === run.ended ? run : { ...run, phase, ended };
}
