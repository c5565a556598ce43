/**
 * What the daemon answers about runs of before and about experiments that could be started: shapes that its routes and the page share. Types only, so
 * that the page takes no code of the daemon with it.
 */
import type { Declared } from '../../experiment/declared.js';
import type { Comparison } from '../../history/compare.js';
import type { Covered } from '../../history/coverage.js';
import type { RunSummary } from '../../history/run-summary.js';
import type { Trend } from '../../history/trend.js';

/** One line of the list of runs. */
export interface RunHead {
  run: string;
  title: string;
  environment: string;
  verdict: RunSummary['verdict'];
  status: RunSummary['status'];
  exitCode: number;
  exitReason: string;
  /** Milliseconds since 1970; 0: unknown. */
  startedWallMs: number;
  /** `null`: its end was not seen. */
  durationMs: number | null;
  /** How many promises came to each verdict. */
  promises: Readonly<Record<RunSummary['verdict'], number>>;
  /** Types of the faults that it had, each once. */
  faults: readonly string[];
}

/** `GET /v1/history` */
export interface RunsAnswer {
  /** Newest first. */
  runs: readonly RunHead[];
  /** Ask again with `beforeWallMs` of the last one. */
  more: boolean;
  /** Where summaries are kept, in a few words. */
  store: string;
  /** What whoever runs the daemon should know of that store. */
  remarks: readonly string[];
}

/** `GET /v1/history/compare?before=RUN&after=RUN` */
export interface CompareAnswer extends Comparison {
  before: RunHead;
  after: RunHead;
}

/** `GET /v1/history/coverage?expireDays=N` */
export interface CoverageAnswer {
  /** In order of edge, fault and check. */
  cells: readonly Covered[];
  expireDays: number;
}

/** `GET /v1/history/trend?title=…&figure=…` */
export interface TrendAnswer {
  /** Names of all figures that these runs tell. */
  figures: readonly string[];
  /** Of the first figure where none was asked for; `null` where none of that name is told. */
  trend: Trend | null;
}

/** A picture that can be had: drawn from a run's journal, or a file that somebody has put there. */
export interface PictureHead {
  /** Its address under `/v1/history/`, with a run's id before it where it is of a run. */
  path: string;
  title: string;
  kind: 'timeline' | 'curve' | 'file';
}

/** `GET /v1/history/pictures`, and `…/:run/pictures` */
export interface PicturesAnswer {
  pictures: readonly PictureHead[];
  /** Files lie here. */
  folder: string;
}

/** `GET /v1/plans/experiments` */
export interface ShippedAnswer {
  experiments: readonly (Declared & {
    /** The name by which it is planned: `taxonomy/retry-storm.yaml`. */
    file: string;
  })[];
}

/** A stretch of the planned method. */
export interface PlannedSpan {
  name: string;
  kind: string;
  /** From the start of the method. */
  fromMs: number;
  toMs: number;
  /** One line for people. */
  summary: string;
}

/** A plan as people look at it. */
export interface PlanView {
  title: string;
  file: string;
  environment: string;
  seed: number;
  /** All of it, as `faultlab plan` says it. */
  text: string;
  /** What everybody is told before a game day; `null`: it is none. */
  briefing: string | null;
  steps: readonly PlannedSpan[];
  methodMs: number;
  /** With warm-up, baseline and settling. */
  durationMs: number;
  /** Requests of the load that fall due while a fault is on; `null`: not to be reckoned. */
  harmed: number | null;
  /** What can be known of the verdict already. */
  foreseen: readonly { about: string; kind: string; says: string }[];
  checks: readonly { name: string; check: string; severity: string }[];
  /** Command lines that it would start, each with how often. */
  programs: readonly { name: string; argv: readonly string[]; instances: number }[];
  /** What would keep it from being started here. */
  obstacles: readonly string[];
}

/** `POST /v1/plans` */
export interface PlansAnswer {
  /** To start it by. */
  id: string;
  /** Several for a game day that names several experiments. */
  plans: readonly PlanView[];
  declared: Declared;
  /** What to type to run it. */
  commandLine: string;
  /** This daemon was started with `--allow-runs`. */
  mayStart: boolean;
}

/** `GET /v1/plans/started`: the run that was started from here last. */
export type Started =
  | { kind: 'none'; mayStart: boolean }
  | ({ kind: 'running'; mayStart: boolean } & StartedRun)
  | ({ kind: 'ended'; mayStart: boolean; exitCode: number | null; verdict: string | null; reason: string | null } & StartedRun);

export interface StartedRun {
  plan: string;
  title: string;
  pid: number;
  startedWallMs: number;
  /** Known once its journal has begun. */
  run: string | null;
  /** What it has said last, oldest first. */
  lines: readonly string[];
  /** Lines before those. */
  linesLost: number;
}
