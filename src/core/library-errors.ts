/** Failures of looking at runs of before and of starting experiments by way of a daemon: a part of the table of all failures. */
import { EXIT, type Row, row } from './error-row.js';

export const LIBRARY_ERRORS = {
  CLERK_FAILED: row(
    EXIT.unavailable,
    503,
    (d) => `${d['what']} could not be worked out: ${d['reason']}`,
    () => '`faultlab history`, `report` and `plan` do the same without the daemon',
  ),
  RUNS_NOT_ALLOWED: row(
    EXIT.usage,
    403,
    () => 'this daemon starts no runs: the programs that a plan names would run as whoever started it',
    (d) => `type \`${d['commandLine']}\`, or start the daemon with \`faultlab serve --ui --allow-runs\` if you agree`,
  ),
  PLAN_UNKNOWN: row(
    EXIT.usage,
    404,
    (d) => `no plan "${d['plan']}" is kept here`,
    () => 'plan it again: a daemon keeps the last few, until it ends',
  ),
  PLAN_CHANGED: row(
    EXIT.usage,
    409,
    (d) => `${d['file']} has changed since it was planned: nothing was started`,
    () => 'plan it again, and look at what it would do now',
  ),
  PICTURE_UNKNOWN: row(EXIT.usage, 404, (d) => `no picture "${d['picture']}" ${d['where']}`),
} as const satisfies Record<string, Row>;
