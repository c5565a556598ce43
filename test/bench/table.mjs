/** The result as text for the terminal, which is Markdown as well, so that it can be pasted. Pure. */

const DIGITS = 3;

export function renderResult({ header, subjects, metrics }) {
  return [renderHeader(header), renderSubjects(subjects), ...metrics.map(renderMetric)].join('\n\n');
}

function renderHeader({ date, machine, node, rounds, load, hello }) {
  return [
    `# faultlab bench, ${date}`,
    '',
    `${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.system}, Node ${node}; load average at the start ${machine.loadAverage}`,
    `${rounds} rounds, all subjects in turn in each; requests by ${load}, answered by ${hello}`,
  ].join('\n');
}

function renderSubjects(subjects) {
  return subjects
    .map(({ name, version, summary, state, reason }) => {
      const told = `- ${name}${version === undefined ? '' : ` ${version}`}: ${summary}`;
      return state === 'measured' ? told : `${told} – ${state}: ${reason}`;
    })
    .join('\n');
}

function renderMetric({ title, unit, better, rows }) {
  const references = [...new Set(rows.flatMap(({ ratios }) => Object.keys(ratios ?? {})))];
  const head = ['subject', `median, ${unit}`, 'min–max', ...references.map((name) => `÷ ${name}`)];
  const cells = rows.map((row) => cellsOf(row, references));
  return `## ${title} (${better} is better)\n\n${renderTable(head, cells)}`;
}

function cellsOf({ subject, state, reason, median, min, max, ratios }, references) {
  if (state !== 'measured') return [subject, state === 'failed' ? 'failed' : '–', reason, ...references.map(() => '')];
  return [subject, figure(median), `${figure(min)}–${figure(max)}`, ...references.map((name) => ratioText(ratios[name]))];
}

const ratioText = (ratio) => (ratio === undefined ? '' : `${ratio.toFixed(2)}×`);

/** Three digits that say something, thousands apart. */
export function figure(value) {
  const magnitude = 10 ** (Math.floor(Math.log10(Math.abs(value) || 1)) - DIGITS + 1);
  const rounded = Math.round(value / magnitude) * magnitude;
  const decimals = Math.max(0, DIGITS - 1 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return rounded.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** The first column to the left, the others to the right. */
function renderTable(head, rows) {
  const widths = head.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column])].map((cell) => cell.length)));
  const line = (cells) => `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
