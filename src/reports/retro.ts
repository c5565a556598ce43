/**
 * What people talk about when they look back: who took part, what they did, saw and decided, what went as expected and what did not. What a reader would
 * get wrong: an experiment has this too, as soon as somebody spoke into its run.
 */
import type { JournalEvent, RecordedGameDay } from '../journal/events.js';
import type { StepWindow, Window } from '../journal/record.js';
import type { Finding } from '../verify/check.js';
import { stepOfCheck } from '../verify/rules/step-of-check.js';
import type { Report } from './reporter.js';
import { sentenceOf } from './sentence.js';

export interface ActOutcome extends Window {
  title: string;
  outcome: StepWindow['outcome'] | 'never started' | 'unknown';
  /** What was promised of its faults. */
  findings: readonly Finding[];
}

/** A note, a fault that somebody put on beside the plan, or the answer to a gate. */
export type Said = { atMs: number; by: string } & (
  | { kind: 'note' | 'fault'; text: string }
  | { kind: 'gate'; gate: string; question: string; decision: 'approved' | 'refused' | 'timedOut'; waitedMs: number }
);

export interface Retro {
  /** Undefined for an experiment. */
  gameDay: RecordedGameDay | undefined;
  briefedBy: string | undefined;
  acts: readonly ActOutcome[];
  /** In the order in which it was said. */
  said: readonly Said[];
  /** In the order of the plan, then what else was asked; a question that nobody answered has no answers. */
  questions: readonly { question: string; answers: readonly { by: string; text: string }[] }[];
  /** What happened that no plan had in it. */
  surprises: readonly { atMs: number; sentence: string }[];
}

const NOBODY = 'nobody';
const SOMEBODY = 'somebody';

/** Undefined: nobody had a part in it. */
export function retroOf(report: Report): Retro | undefined {
  const { events, plan, briefedBy } = report.record;
  const said = saidIn(events);
  if (plan.gameDay === undefined && said.length === 0) return undefined;
  return {
    gameDay: plan.gameDay,
    briefedBy,
    acts: plan.gameDay?.acts.map((act) => outcomeOf(act, report)) ?? [],
    said,
    questions: questionsOf(plan.gameDay?.questions ?? [], events),
    surprises: events.flatMap((event) => {
      const sentence = isSurprise(event) ? sentenceOf(event) : undefined;
      return sentence === undefined ? [] : [{ atMs: event.atMs, sentence }];
    }),
  };
}

/** What people said into the run, in order. What the run notes for itself is signed by nobody, and left out. */
export function saidIn(events: readonly JournalEvent[]): Said[] {
  const said: Said[] = [];
  const opened = new Map<string, { atMs: number; question: string }>();
  for (const event of events) {
    const { atMs } = event;
    if (event.type === 'note' && event.by !== undefined) said.push({ kind: 'note', atMs, by: event.by, text: event.text });
    if (event.type === 'handFault') {
      const text = sentenceOf(event);
      if (text !== undefined) said.push({ kind: 'fault', atMs, by: event.by, text });
    }
    if (event.type === 'gateOpened') opened.set(event.gate, event);
    if (event.type !== 'gateClosed') continue;
    const { gate, decision, by = NOBODY } = event;
    const { question = '', atMs: askedMs = atMs } = opened.get(gate) ?? {};
    said.push({ kind: 'gate', atMs, by, gate, question, decision, waitedMs: atMs - askedMs });
  }
  return said;
}

function outcomeOf({ title, steps }: RecordedGameDay['acts'][number], { record, findings }: Report): ActOutcome {
  const own = record.steps.filter(({ step }) => steps?.includes(step));
  const worst = (['error', 'stopped', 'unfinished', 'completed'] as const).find((outcome) =>
    own.some((window) => window.outcome === outcome),
  );
  return {
    title,
    outcome: worst ?? (steps === undefined ? 'unknown' : 'never started'),
    fromMs: own.reduce((first, { fromMs }) => Math.min(first, fromMs), Number.POSITIVE_INFINITY),
    toMs: own.length === 0 ? Number.POSITIVE_INFINITY : own.reduce((last, { toMs }) => Math.max(last, toMs), 0),
    findings: findings.filter((finding) => steps?.includes(stepOfCheck(record.plan, finding) ?? '')),
  };
}

function questionsOf(questions: readonly string[], events: readonly JournalEvent[]): Retro['questions'] {
  const given = events.filter((event) => event.type === 'answer');
  // A day that ended before its time asked its questions at the run that was its last.
  const all = [...new Set([...questions, ...given.map(({ question }) => question)])];
  return all.map((question) => ({
    question,
    answers: given.filter((one) => one.question === question).map(({ by = SOMEBODY, text }) => ({ by, text })),
  }));
}

function isSurprise(event: JournalEvent): boolean {
  return ['serviceExited', 'stopTripped', 'errorRaised', 'signal', 'healFailed', 'observationsLost'].includes(event.type);
}
