/** A journal event as one sentence, for terminals without a cursor, for evidence and for the page's log. Events that only machines need give none. */
import { listed } from '../core/suggest.js';
import { formatMs } from '../core/units.js';
import { endingWords } from '../journal/ending.js';
import type { JournalEvent } from '../journal/events.js';
import type { FaultWindow } from '../journal/record.js';
import { DECISION_WORDS, plural } from './wording.js';

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>;

/** One sentence without a full stop, or undefined for an event that a person need not hear about. */
export function sentenceOf(event: JournalEvent): string | undefined {
  return aboutRun(event) ?? aboutMethod(event) ?? aboutWire(event);
}

function aboutRun(event: JournalEvent): string | undefined {
  switch (event.type) {
    case 'runStarted':
      return `run ${event.run} of ${event.plan.title} started (seed ${event.plan.seed}, environment ${event.plan.environment || 'unnamed'})`;
    case 'leftover':
      return `found what run ${event.run} left behind: ${event.what}`;
    case 'serviceReady':
      return `${event.instance} is ready after ${formatMs(event.tookMs)}`;
    case 'serviceExited':
      return event.expected ? undefined : `${event.instance} exited by itself (${event.signal ?? `code ${event.code}`})`;
    case 'signal':
      return `received ${event.name}`;
    case 'errorRaised':
      return `error ${event.code}: ${event.message}`;
    case 'note':
      return event.by === undefined ? event.text : `${event.by}: ${event.text}`;
    case 'answer':
      return `asked ${event.question} ${event.by ?? 'somebody'} answered: ${event.text}`;
    case 'observationsLost':
      return `${plural(event.count, 'observation')} lost: ${event.reason}`;
    case 'runEnded':
      return runEnded(event);
    default:
      return undefined;
  }
}

function runEnded({ status, steadyState, cleanup, reason }: Of<'runEnded'>): string {
  const steady = { met: 'met', notMet: 'not met', undecided: 'undecided', unchecked: 'not checked' }[steadyState];
  const clean = cleanup === 'confirmed' ? 'every fault is confirmed gone' : 'HEALING IS NOT CONFIRMED';
  return `run ${status}${reason ? ` (${reason})` : ''}; steady state ${steady}; ${clean}`;
}

function aboutMethod(event: JournalEvent): string | undefined {
  switch (event.type) {
    case 'phaseStarted':
      return `phase ${event.phase}`;
    case 'stepEnded':
      return event.outcome === 'completed'
        ? undefined
        : `step ${event.step} ended: ${event.outcome}${event.reason ? `, ${event.reason}` : ''}`;
    case 'dataReplaced':
      return `${event.instance} will find ${event.by === 'nothing' ? 'no data' : 'the data of the last snapshot'}; what it left is in ${event.keptAs}`;
    case 'dataCopied':
      return `snapshot of ${event.instance}: ${event.files} files, ${event.bytes} bytes`;
    case 'roleFound':
      return `${event.role}: ${event.instances.join(', ')}`;
    case 'faultApplied':
      return `fault on: ${event.step}`;
    case 'faultTurned':
      return faultTurned(event);
    case 'faultReleased':
      return `let go: ${event.released} that ${event.step} held, ${event.held} still held`;
    case 'faultEnded':
      return faultEnded(event);
    case 'handFault':
      return handFault(event);
    case 'probeResult':
      return event.met === true ? undefined : probeSentence(event);
    case 'gateOpened':
      return `${event.gate} waits for ${event.by.join(' or ') || 'anybody'}${event.question === '' ? '' : `: ${event.question}`}`;
    case 'gateClosed':
      return gateClosed(event);
    case 'loadChanged':
      return `load changed: ${event.summary}`;
    case 'programEnded':
      return `${event.step}: ${event.detail}`;
    case 'stopTripped':
      return `stop condition: ${event.condition}: ${event.detail}`;
    case 'healConfirmed':
      return `healing confirmed in ${formatMs(event.tookMs)}`;
    case 'healFailed':
      return `healing failed: ${event.reason}`;
    default:
      return undefined;
  }
}

function gateClosed({ gate, decision, by = 'somebody', inputs }: Of<'gateClosed'>): string {
  if (decision === 'timedOut') return `${gate}: ${DECISION_WORDS[decision]}`;
  const again =
    inputs === undefined ? '' : `, who begins again with ${listed(Object.entries(inputs).map(([input, value]) => `${input}=${value}`))}`;
  return `${gate}: ${DECISION_WORDS[decision]} by ${by}${again}`;
}

/** What a probe found. No news when it is as it should be, but proof all the same. */
export function probeSentence({ probe, met, detail }: Of<'probeResult'>): string {
  const word = { true: 'met', false: 'not met', null: 'has nothing to judge by' }[`${met}`];
  return `probe ${probe} ${word}: ${detail}`;
}

/** Why a fault ended, in words. */
export const FAULT_END_WORDS = {
  duration: 'its time was up',
  healed: 'healed',
  expired: 'its lease ran out',
  halted: 'halted',
  unknown: 'its end was not seen',
} as const;

/** Whom a fault met: `12 met it, 3 faulted`. */
export function feltWords({
  matched,
  applied,
  overflow,
  unread,
}: Pick<FaultWindow, 'matched' | 'applied' | 'overflow' | 'unread'>): string {
  return `${matched} met it, ${applied} faulted${rareWords({ overflow, unread })}`;
}

function rareWords({ overflow, unread }: { overflow: number; unread: number }): string {
  const crowded = overflow > 0 ? `, ${overflow} more were too many at a time` : '';
  return unread > 0 ? `${crowded}, and of ${unread} the body could not be read` : crowded;
}

/** A pulse turns hundreds of times, as the plan said; only what somebody changed is news. */
function faultTurned({ step, change, isOn = true, percentage }: Of<'faultTurned'>): string | undefined {
  if (change === 'turned') return undefined;
  return `fault changed: ${step}${percentage === undefined ? '' : `, ${percentage} %`}${isOn ? '' : ', off for now'}`;
}

function faultEnded({ step, reason, matched, applied, overflow = 0, unread = 0, counted }: Of<'faultEnded'>): string {
  const off = `fault off: ${step} (${FAULT_END_WORDS[reason]})`;
  if (matched === null) return `${off}; whom it met is unknown`;
  return `${off}; ${plural(matched, counted === 'processes' ? 'instance' : 'request')} met it, ${applied} were faulted${rareWords({ overflow, unread })}`;
}

function handFault({
  change,
  by: who,
  performs,
  links,
  processes,
  reason = '',
  matched = 0,
  applied = 0,
}: Of<'handFault'>): string | undefined {
  const what = `${performs} on ${listed(processes ?? links)}`;
  if (change === 'intended' || change === 'turned') return undefined;
  if (change === 'refused') return `by hand: ${who} asked for ${what}, refused: ${reason}`;
  if (change === 'applied') return `by hand: ${who} put ${what}`;
  if (change === 'changed') return `by hand: ${what} changed`;
  return `by hand: ${what} ended (${FAULT_END_WORDS[change]}); ${matched} met it, ${applied} faulted`;
}

function aboutWire(event: JournalEvent): string | undefined {
  switch (event.type) {
    case 'exchange': {
      const came = event.status === undefined ? endingWords(event) : `answered ${event.status}`;
      const after = formatMs(event.endMs - event.startMs);
      return `${event.from} → ${event.to}: ${event.method} ${event.path} ${came} after ${after}${by(event.applied)}`;
    }
    case 'connection':
      return `${event.from} → ${event.to}: connection ${event.connection} ${event.end} after ${formatMs(event.endMs - event.startMs)}${by(event.applied)}`;
    default:
      return undefined;
  }
}

function by(applied: readonly string[] | undefined): string {
  // A fault's id in the daemon is the run's id, a slash and the step: the reader knows the run.
  const steps = applied?.map((fault) => fault.slice(fault.lastIndexOf('/') + 1)) ?? [];
  return steps.length > 0 ? `, faulted by ${steps.join(', ')}` : '';
}

/** Events that are seen in thousands: evidence, never news. */
export function isTraffic(event: JournalEvent): event is Of<'exchange' | 'connection' | 'trafficSum'> {
  return event.type === 'exchange' || event.type === 'connection' || event.type === 'trafficSum';
}
