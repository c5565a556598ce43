/**
 * A run as one trace: phases, steps, faults and gates are spans, what happens in between is noted on them. A fold of the journal's events, one by one as they
 * come: each call gives the spans that are now whole. What a reader would get wrong: the run's own span comes last, when the verdict is known.
 */
import type { JournalEvent } from '../../journal/events.js';
import { RequestSpans } from './request-spans.js';
import { type Span, type SpanAttributes, type SpanNote, type SpanValue, spanIdOf, traceIdOf } from './span.js';

/** Of one span; what comes later is counted. */
export const NOTES_MAX = 128;
const VALUE_CHARACTERS_MAX = 1_000;

/** What the judge said; a run that nobody could judge has none. */
export interface TracedVerdict {
  verdict: string;
  exitCode: number;
  findings: readonly { name: string; check: string; verdict: string; summary: string }[];
}

interface OpenSpan extends Omit<Span, 'notes' | 'attributes' | 'endWallMs'> {
  notes: SpanNote[];
  attributes: SpanAttributes;
}
type Started = Extract<JournalEvent, { type: 'runStarted' }>;
type Ended = Extract<JournalEvent, { type: 'runEnded' }>;

const RUN = 'run';

export class RunSpans {
  readonly #open = new Map<string, OpenSpan>();
  #started: Started | undefined;
  #ended: Ended | undefined;
  #requests: RequestSpans | undefined;
  /** Probe → whether it was met, so that only changes are noted. */
  readonly #met = new Map<string, boolean | null>();
  #newestMs = 0;

  /** The trace's name; undefined before the run has started. */
  get traceId(): string | undefined {
    return this.#started && traceIdOf(this.#started.run);
  }

  /** The spans that one more event has made whole. */
  add(event: JournalEvent): readonly Span[] {
    if (event.type === 'runStarted') this.#start(event);
    if (this.#started === undefined) return [];
    if (event.type === 'exchange') {
      const span = this.#requests?.spanOf(event, (atMs) => this.#toWallMs(atMs));
      return span === undefined ? [] : [span];
    }
    this.#newestMs = Math.max(this.#newestMs, event.atMs);
    const whole = this.#phaseOrStep(event) ?? this.#faultOrGate(event);
    if (whole === undefined) this.#noteOnRun(event);
    return whole ?? [];
  }

  /** Ends what is still open, the run last. Once. */
  finish(judged?: TracedVerdict): readonly Span[] {
    if (this.#started === undefined) return [];
    const keys = [...this.#open.keys()].reverse().filter((key) => key !== RUN);
    const unfinished = keys.flatMap((key) => this.#end(key, this.#newestMs, { failure: 'unfinished' }));
    return [...unfinished, ...this.#endRun(judged)];
  }

  #start(event: Started): void {
    const { run, version, plan } = event;
    this.#started = event;
    this.#requests = new RequestSpans(run);
    this.#begin(RUN, {
      name: `run ${plan.title}`,
      atMs: event.atMs,
      attributes: {
        'faultlab.run': run,
        'faultlab.version': version,
        'faultlab.environment': plan.environment,
        'faultlab.seed': plan.seed,
        'faultlab.file': plan.file,
        ...(plan.isDry && { 'faultlab.dry': true }),
      },
    });
  }

  #endRun(judged: TracedVerdict | undefined): readonly Span[] {
    const ended = this.#ended;
    for (const { name, check, verdict, summary } of judged?.findings ?? [])
      this.#note(RUN, { name: 'finding', atMs: this.#newestMs, attributes: { name, check, verdict, summary: cut(summary) } });
    const untold = this.#requests?.untold ?? 0;
    const bad = judged !== undefined && judged.verdict !== 'pass' ? `verdict ${judged.verdict}` : undefined;
    const early = ended === undefined ? 'the journal ends before the run did' : ended.status === 'completed' ? undefined : ended.status;
    return this.#end(RUN, ended?.atMs ?? this.#newestMs, {
      failure: early ?? bad,
      attributes: {
        ...(ended && { 'faultlab.status': ended.status, 'faultlab.steady_state': ended.steadyState, 'faultlab.cleanup': ended.cleanup }),
        ...(judged && { 'faultlab.verdict': judged.verdict, 'faultlab.exit_code': judged.exitCode }),
        ...(untold > 0 && { 'faultlab.requests_untold': untold }),
      },
    });
  }

  /** Undefined: the event is none of these. */
  #phaseOrStep(event: JournalEvent): readonly Span[] | undefined {
    switch (event.type) {
      case 'phaseStarted':
        return this.#begin(`phase ${event.phase}`, { name: `phase ${event.phase}`, atMs: event.atMs, parent: RUN });
      case 'phaseEnded':
        return this.#end(`phase ${event.phase}`, event.atMs);
      case 'stepStarted':
        return this.#beginStep(event.step, event.atMs);
      case 'stepEnded': {
        const { step, atMs, outcome, reason } = event;
        const failure = outcome === 'error' ? (reason ?? outcome) : undefined;
        return this.#end(`step ${step}`, atMs, { failure, attributes: { 'faultlab.outcome': outcome } });
      }
      default:
        return undefined;
    }
  }

  #beginStep(step: string, atMs: number): readonly Span[] {
    const planned = this.#started?.plan.steps.find(({ name }) => name === step);
    const attributes = {
      ...(planned && { 'faultlab.kind': planned.kind }),
      ...(planned?.summary && { 'faultlab.summary': planned.summary }),
    };
    return this.#begin(`step ${step}`, { name: `step ${step}`, atMs, parent: 'phase method', attributes });
  }

  #faultOrGate(event: JournalEvent): readonly Span[] | undefined {
    switch (event.type) {
      case 'faultApplied':
        return this.#beginFault(event);
      case 'faultTurned':
      case 'faultReleased':
        this.#note(`fault ${event.fault}`, noteOf(event));
        return [];
      case 'faultEnded': {
        const { reason, matched, applied, skipped, atMs } = event;
        const counts = Object.entries({ matched, applied, skipped }).flatMap(([name, count]) =>
          count === null ? [] : [[`faultlab.${name}`, count] as const],
        );
        return this.#end(`fault ${event.fault}`, atMs, { attributes: { 'faultlab.ended_by': reason, ...Object.fromEntries(counts) } });
      }
      case 'gateOpened':
        return this.#begin(`gate ${event.gate}`, {
          name: `gate ${event.gate}`,
          atMs: event.atMs,
          parent: `step ${event.gate}`,
          attributes: { 'faultlab.question': cut(event.question) },
        });
      case 'gateClosed': {
        const attributes = { 'faultlab.decision': event.decision, ...(event.by !== undefined && { 'faultlab.by': event.by }) };
        return this.#end(`gate ${event.gate}`, event.atMs, { attributes });
      }
      default:
        return undefined;
    }
  }

  #beginFault({ fault, step, atMs, percentage }: Extract<JournalEvent, { type: 'faultApplied' }>): readonly Span[] {
    const planned = this.#started?.plan.steps.find(({ name }) => name === step)?.fault;
    return this.#begin(`fault ${fault}`, {
      name: `fault ${planned?.type ?? step}`,
      atMs,
      parent: `step ${step}`,
      attributes: {
        'faultlab.fault': fault,
        'faultlab.step': step,
        ...(planned && { 'faultlab.summary': cut(planned.summary), 'faultlab.links': planned.links }),
        ...(percentage !== undefined && { 'faultlab.percentage': percentage }),
      },
    });
  }

  #noteOnRun(event: JournalEvent): void {
    if (event.type === 'runEnded') this.#ended = event;
    if (event.type === 'probeResult') {
      const before = this.#met.get(event.probe);
      this.#met.set(event.probe, event.met);
      if (before === event.met) return;
    }
    // The rest is in the attributes of the run, or of other spans, or very many.
    if (UNNOTED.has(event.type)) return;
    this.#note(RUN, noteOf(event));
  }

  #begin(
    key: string,
    { name, atMs, parent, attributes = {} }: { name: string; atMs: number; parent?: string; attributes?: SpanAttributes },
  ): readonly Span[] {
    const run = this.#started?.run ?? '';
    const above = parent === undefined ? undefined : spanIdOf(run, this.#open.has(parent) ? parent : RUN);
    this.#open.set(key, {
      traceId: traceIdOf(run),
      spanId: spanIdOf(run, key),
      parentSpanId: above,
      name,
      kind: 'internal',
      startWallMs: this.#toWallMs(atMs),
      attributes,
      notes: [],
      notesLost: 0,
      links: [],
      failure: undefined,
    });
    return [];
  }

  #end(
    key: string,
    atMs: number,
    { failure, attributes = {} }: { failure?: string | undefined; attributes?: SpanAttributes } = {},
  ): readonly Span[] {
    const open = this.#open.get(key);
    if (open === undefined) return [];
    this.#open.delete(key);
    return [{ ...open, endWallMs: this.#toWallMs(atMs), attributes: { ...open.attributes, ...attributes }, failure }];
  }

  #note(key: string, { name, atMs, attributes }: { name: string; atMs: number; attributes: SpanAttributes }): void {
    const open = this.#open.get(key);
    if (open === undefined) return;
    if (open.notes.length >= NOTES_MAX) open.notesLost += 1;
    else open.notes.push({ name, atWallMs: this.#toWallMs(atMs), attributes });
  }

  /** By the one instant of which both clocks are known. */
  #toWallMs(atMs: number): number {
    const { wallMs, atMs: startedMs } = this.#started ?? { wallMs: 0, atMs: 0 };
    return wallMs + (atMs - startedMs);
  }
}

const UNNOTED: ReadonlySet<JournalEvent['type']> = new Set([
  'runStarted',
  'runEnded',
  'faultIntended',
  'connection',
  'trafficSum',
  'serviceStarted',
  'answer',
]);

function cut(text: string): string {
  return text.slice(0, VALUE_CHARACTERS_MAX);
}

/** What an event says in plain words and figures; what it nests stays in the journal. */
function noteOf({ n: _n, atMs, type, ...rest }: JournalEvent): { name: string; atMs: number; attributes: SpanAttributes } {
  const plain = Object.entries(rest).flatMap(([key, value]): [string, SpanValue][] => {
    if (typeof value === 'string') return [[key, cut(value)]];
    return typeof value === 'number' || typeof value === 'boolean' ? [[key, value]] : [];
  });
  return { name: type, atMs, attributes: Object.fromEntries(plain) };
}
