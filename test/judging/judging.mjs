/** The measured process: reads one journal, judges it check by check, renders the reports, and prints its figures as JSON. Started by main.mjs. */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [journal, dist] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(dist, path)).href);

/** Processor time of the process, all of its threads together: what else the machine does must not count. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Of what `act` returns, or resolves to. */
async function measure(act) {
  const [cpu, wall] = [cpuSeconds(), performance.now()];
  const value = await act();
  return { value, cpuSeconds: cpuSeconds() - cpu, wallSeconds: (performance.now() - wall) / 1e3, peakMB: peakMB() };
}

function peakMB() {
  return (process.resourceUsage().maxRSS * 1024) / 1e6;
}

const [{ readRecord }, { exitOf, judge }, { reporters }] = await Promise.all(
  ['journal/reader.js', 'verify/judge.js', 'reports/catalog.js'].map(load),
);
const startedMB = peakMB();
const { value: record, ...read } = await measure(() => readRecord(journal));
const checks = [];
for (const check of record.plan.checks) {
  const { value, ...figures } = await measure(() => judge({ ...record, plan: { ...record.plan, checks: [check] } }));
  checks.push({ check: check.check, verdict: value.verdict, summary: value.findings[0]?.summary, ...figures });
}
const whole = judge(record);
const report = { record, ...whole, exit: exitOf({ record, verdict: whole.verdict }) };
const reports = [];
for (const reporter of reporters.all) {
  const { value, ...figures } = await measure(() => reporter.render(report));
  reports.push({ report: reporter.name, bytes: Buffer.byteLength(value), ...figures });
}
const sumOf = (name) => checks.reduce((sum, check) => sum + check[name], 0);
const judged = { cpuSeconds: sumOf('cpuSeconds'), wallSeconds: sumOf('wallSeconds'), peakMB: checks.at(-1)?.peakMB ?? read.peakMB };
process.stdout.write(
  `${JSON.stringify({ observations: record.exchanges.length, gaps: record.gaps, startedMB, read, checks, judged, reports })}\n`,
);
