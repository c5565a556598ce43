/** The library: what a program needs to load, run and judge experiments without the command line. Everything else is internal. */
export { type Clock, hostClock } from './core/clock.js';
export { LabError } from './core/errors.js';
export { Daemon } from './dataplane/daemon.js';
export { loadExperiment } from './experiment/load.js';
export type { Plan } from './experiment/plan.js';
export { planExperiment } from './experiment/plan-experiment.js';
export { readJournal, readRecord } from './journal/reader.js';
export { foldJournal, type RunRecord } from './journal/record.js';
export { reporters } from './reports/catalog.js';
export type { Report } from './reports/reporter.js';
export type { Finding, Verdict } from './verify/check.js';
export { exitOf, judge } from './verify/judge.js';
