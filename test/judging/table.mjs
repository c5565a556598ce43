/** The figures as a table for the terminal. */
import Table from 'cli-table3';

const seconds = (value) => value.toFixed(2);
const megabytes = (value) => value.toFixed(0);

function row(what, { cpuSeconds, wallSeconds, peakMB }, said = '') {
  return [what, seconds(cpuSeconds), seconds(wallSeconds), megabytes(peakMB), said];
}

export function textOf({ node, cores, loadAverage, observations, startedMB, read, checks, judged, reports, gaps }) {
  const table = new Table({
    head: ['', 'CPU s', 'wall s', 'peak MB', ''],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right'],
  });
  table.push(row('read', read, gaps.join('; ')));
  for (const check of checks) table.push(row(`  ${check.check}`, check, check.verdict));
  table.push(row(`all ${checks.length} checks`, judged));
  for (const report of reports) table.push(row(`  report ${report.report}`, report, `${(report.bytes / 1e6).toFixed(2)} MB`));
  table.push(
    row('read and judged', {
      cpuSeconds: read.cpuSeconds + judged.cpuSeconds,
      wallSeconds: read.wallSeconds + judged.wallSeconds,
      peakMB: judged.peakMB,
    }),
  );
  const [before, after] = loadAverage.map((load) => load.toFixed(1));
  const machine = `Node ${node}, ${cores} cores, load average ${before} before and ${after} after, ${megabytes(startedMB)} MB before reading`;
  return `${observations.toLocaleString('en')} requests; ${machine}\n${table}\n`;
}
