/**
 * The shape of a check: a promise about the system, judged from the record of a run and from nothing else. Pure: same record, same
 * finding. "Not seen" is never a pass; a check that had no opportunity to fail says `inconclusive`.
 */
import type { z } from 'zod';
import type { Definition } from '../core/catalog.js';
import type { RunRecord } from '../journal/record.js';
import type { Foresight, Outlook } from './foresight.js';
import type { StateLane } from './state-lane.js';

export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'error';

/** Worst first; the verdict of a run is the worst of its findings. */
const ORDER: readonly Verdict[] = ['error', 'fail', 'inconclusive', 'pass'];

/** The worst of several; nothing to judge is inconclusive. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return ORDER.find((verdict) => verdicts.includes(verdict)) ?? 'inconclusive';
}

/** How attempts on the wire were joined to the requests that caused them (resilience reference §3.0). */
export type Correlation = 'C2' | 'C1' | 'C0';

/** One figure that was estimated, with the promise it was held against. */
export interface Measurement {
  name: string;
  value: number | string | null;
  unit?: 'ms' | 'requests' | 'ratio' | 'count' | '';
  /** Confidence or resolution interval, in the same unit. */
  interval?: readonly [number, number];
  /** Sample size behind it. */
  samples?: number;
  /** As a person would say it: `<= 4s`. */
  limit?: string;
  met?: boolean | null;
}

/** At which severity, and after how long, a defence has noticed. */
export interface DetectionCurve {
  /** `gateway -> inventory` */
  subject: string;
  /** What grew from level to level: `percentage`, or a parameter of the fault that is a duration. */
  of: string;
  /** Promised of those that must be noticed. */
  withinMs: number;
  /** The weakest first. */
  points: readonly DetectionPoint[];
}

export interface DetectionPoint {
  step: string;
  /** Per cent, or milliseconds; `text` is how a person would say it. */
  value: number;
  text: string;
  /** Null where the traffic does not say. */
  noticed: boolean | null;
  /** From the start of the fault, where it was noticed. */
  afterMs?: readonly [number, number];
  /** Requests that the fault had hit by then, or at all. */
  faulted: number;
  /** Why it is not known. */
  unknown?: string;
}

/** What a check's own function returns. */
export interface Judgement {
  verdict: Verdict;
  /** One sentence with names and figures, that could stand alone in a report. */
  summary: string;
  measurements: readonly Measurement[];
  /** Numbers of the journal events that prove it, at most ten. */
  evidence: readonly number[];
  correlation?: Correlation;
  /** What else could look like this, and why it was ruled out (or was not). */
  alternatives?: readonly string[];
  lanes?: readonly StateLane[];
  curve?: DetectionCurve;
}

/** A judgement with the name it has in the plan. */
export interface Finding extends Judgement {
  name: string;
  check: string;
  severity: 'fail' | 'warn';
}

export const EVIDENCE_MAX = 10;

export interface Check<S extends z.ZodType = z.ZodType> extends Definition {
  readonly schema: S;
  readonly example: z.input<S>;
  evaluate(params: z.output<S>, record: RunRecord): Judgement;
  /** What can be known of the verdict before the run, from the plan and from what it declares. Says nothing rather than something doubtful. */
  foresee?(params: z.output<S>, outlook: Outlook): readonly Foresight[];
}

/** Keeps the schema's type for `evaluate`; the erased form is what the catalog holds. */
export function defineCheck<S extends z.ZodType>(check: Check<S>): Check<S> {
  return check;
}
