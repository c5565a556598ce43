/**
 * The report for a pull request or a chat: short, with what was broken on top. It is built as a tree and written by a serialiser, so that a
 * hostile name stays text: it cannot end a table, make a link or smuggle in HTML.
 */
import type { RootContent, Table } from 'mdast';
import { gfmTableToMarkdown } from 'mdast-util-gfm-table';
import { toMarkdown } from 'mdast-util-to-markdown';
import { formatMs } from '../core/units.js';
import type { Finding } from '../verify/check.js';
import { detectionWords } from './detection-words.js';
import { flowsOf } from './flow.js';
import { retroSection } from './markdown-retro.js';
import { type Cell, code, heading, paragraph, quote, table, text } from './markdown-tree.js';
import { replayCommand } from './replay.js';
import { defineReporter, type Report } from './reporter.js';
import { FAULT_END_WORDS, feltWords } from './sentence.js';
import { figuresOf } from './series.js';
import { formatInstant, formatMeasured, formatNumber, formatRatio, letterOf, machineWords, VERDICT_WORDS } from './wording.js';

export const markdown = defineReporter({
  name: 'markdown',
  summary: 'Write the verdicts as Markdown, for a pull request.',
  extension: 'md',
  render: renderMarkdown,
});

function renderMarkdown(report: Report): string {
  const { record, verdict, exit, findings } = report;
  const { plan } = record;
  const children: RootContent[] = [
    heading(`${signed(verdict)}: ${plan.title}`, 2),
    paragraph(text(`${exit.reason} (exit code ${exit.code}).`)),
    ...record.gaps.map((gap) => quote(`The record is not whole: ${gap}. No check may pass on it.`)),
    ...(findings.length > 0 ? [findingsTable(findings)] : [paragraph(text('Nothing was promised, so nothing can pass.'))]),
    ...findings.flatMap(curveTable),
    ...(record.faults.length > 0 ? [heading('Faults'), faultsTable(report)] : []),
    ...linksTable(report),
    ...retroSection(report),
    paragraph(
      text(
        `Run ${record.run}, ${startedAt(record.wallMs)}, ${formatMs(record.toMs - record.fromMs)}, environment ${plan.environment || 'unnamed'}${record.machine === undefined ? '' : `, on ${machineWords(record.machine)}`}. Again: `,
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

/** What a sweep has found, kept or not. */
function curveTable({ name, curve }: Finding): RootContent[] {
  if (curve === undefined) return [];
  const rows = curve.points.map((point): Cell[] => [point.text, detectionWords(point)]);
  return [heading(`Detection curve: ${name}`), table([curve.of, curve.subject], rows)];
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
