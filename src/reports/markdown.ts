/**
 * The report for a pull request or a chat: short, with what was broken on top. It is built as a tree and written by a serialiser, so that a
 * hostile name stays text: it cannot end a table, make a link or smuggle in HTML.
 */
import type { PhrasingContent, RootContent, Table, TableRow } from 'mdast';
import { gfmTableToMarkdown } from 'mdast-util-gfm-table';
import { toMarkdown } from 'mdast-util-to-markdown';
import { formatMs } from '../core/units.js';
import type { Finding } from '../verify/check.js';
import { flowsOf } from './flow.js';
import { printable } from './printable.js';
import { replayCommand } from './replay.js';
import { defineReporter, type Report } from './reporter.js';
import { FAULT_END_WORDS, feltWords } from './sentence.js';
import { figuresOf } from './series.js';
import { formatInstant, formatMeasured, formatNumber, formatRatio, letterOf, VERDICT_WORDS } from './wording.js';

export const markdown = defineReporter({
  name: 'markdown',
  summary: 'Write the verdicts as Markdown, for a pull request.',
  extension: 'md',
  render: renderMarkdown,
});

type Cell = string | readonly PhrasingContent[];

function renderMarkdown(report: Report): string {
  const { record, verdict, exit, findings } = report;
  const { plan } = record;
  const children: RootContent[] = [
    { type: 'heading', depth: 2, children: [text(`${signed(verdict)}: ${plan.title}`)] },
    paragraph(text(`${exit.reason} (exit code ${exit.code}).`)),
    ...record.gaps.map((gap) => quote(`The record is not whole: ${gap}. No check may pass on it.`)),
    ...(findings.length > 0 ? [findingsTable(findings)] : [paragraph(text('Nothing was promised, so nothing can pass.'))]),
    ...(record.faults.length > 0 ? [heading('Faults'), faultsTable(report)] : []),
    ...linksTable(report),
    paragraph(
      text(
        `Run ${record.run}, ${startedAt(record.wallMs)}, ${formatMs(record.toMs - record.fromMs)}, environment ${plan.environment || 'unnamed'}. Again: `,
      ),
      code(replayCommand(plan)),
    ),
  ];
  return toMarkdown({ type: 'root', children }, { extensions: [gfmTableToMarkdown()], bullet: '-' });
}

function findingsTable(findings: readonly Finding[]): Table {
  const rows = findings.map((finding): Cell[] => {
    const warning = finding.severity === 'warn' ? ' (warning)' : '';
    const broken = finding.measurements.filter(({ met }) => met === false);
    const figures = broken.map((m) => `${m.name}: ${formatMeasured(m)}, promised ${m.limit ?? 'otherwise'}`);
    const proof =
      finding.evidence.length > 0 && finding.verdict !== 'pass' ? [`proof: ${finding.evidence.map((n) => `#${n}`).join(' ')}`] : [];
    return [[code(finding.name)], `${signed(finding.verdict)}${warning}`, [finding.summary, ...figures, ...proof].join('; ')];
  });
  return table(['promise', 'verdict', 'what was seen'], rows);
}

function faultsTable({ record }: Report): Table {
  const unseen = record.plan.linksUnseen !== undefined;
  const rows = record.faults.map((fault, i): Cell[] => [
    letterOf(i),
    [code(fault.step)],
    `${fault.planned.type}: ${fault.planned.summary}`,
    fault.planned.instances.join(', '),
    `${formatInstant(fault.fromMs, record.fromMs)} to ${formatInstant(fault.toMs, record.fromMs)}`,
    unseen || fault.endedBy === 'unknown' ? 'unknown' : feltWords(fault),
    FAULT_END_WORDS[fault.endedBy],
  ]);
  return table(['', 'step', 'what', 'aimed at', 'when', 'felt', 'ended because'], rows);
}

/** What each caller saw of each callee over the whole run. */
function linksTable({ record }: Report): RootContent[] {
  const whole = { fromMs: record.fromMs, toMs: Number.POSITIVE_INFINITY };
  const rows = flowsOf(record).flatMap(({ from, to, ...seen }): Cell[][] => {
    const { successRatio, p99Ms, ratePerSecond } = figuresOf(seen, whole);
    if (successRatio === null || p99Ms === null) return [];
    return [[`${from} → ${to}`, formatRatio(successRatio), formatMs(p99Ms), `${formatNumber(ratePerSecond)}/s`]];
  });
  return rows.length > 0 ? [heading('Who saw what'), table(['caller → callee', 'good', 'p99', 'rate'], rows)] : [];
}

function signed(verdict: Finding['verdict']): string {
  const { sign, word } = VERDICT_WORDS[verdict];
  return `${sign} ${word}`;
}

function startedAt(wallMs: number): string {
  return wallMs > 0 ? new Date(wallMs).toISOString() : 'at an unknown time';
}

function table(head: readonly string[], rows: readonly Cell[][]): Table {
  return { type: 'table', children: [row(head), ...rows.map(row)] };
}

function row(cells: readonly Cell[]): TableRow {
  return {
    type: 'tableRow',
    children: cells.map((cell) => ({ type: 'tableCell', children: typeof cell === 'string' ? [text(cell)] : [...cell] })),
  };
}

function heading(title: string): RootContent {
  return { type: 'heading', depth: 3, children: [text(title)] };
}

function paragraph(...children: PhrasingContent[]): RootContent {
  return { type: 'paragraph', children };
}

function quote(sentence: string): RootContent {
  return { type: 'blockquote', children: [{ type: 'paragraph', children: [text(sentence)] }] };
}

function text(value: string): PhrasingContent {
  return { type: 'text', value: printable(value) };
}

function code(value: string): PhrasingContent {
  return { type: 'inlineCode', value: printable(value) };
}
