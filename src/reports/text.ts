/** The final table for the terminal. Without colour unless asked, because a file and a pipe get the same text. */
import Table from 'cli-table3';
import colours from 'picocolors';
import { formatMs } from '../core/units.js';
import type { Finding, Measurement, Verdict } from '../verify/check.js';
import { byHandNote } from './by-hand.js';
import { detectionWords } from './detection-words.js';
import { printable } from './printable.js';
import { replayCommand } from './replay.js';
import { defineReporter, type Report } from './reporter.js';
import { FAULT_END_WORDS, feltWords } from './sentence.js';
import { formatInstant, formatMeasured, letterOf, spaced, VERDICT_WORDS } from './wording.js';

export interface TextOptions {
  /** Default false. */
  colour?: boolean;
  /** Width of the terminal in characters; default 100, never taken above 160; below 60 there is a list in place of a table. */
  columns?: number;
}

export const text = defineReporter({
  name: 'text',
  summary: 'Write the verdict table as plain text.',
  extension: 'txt',
  render: (report) => renderFindings(report),
});

type Paint = ReturnType<typeof colours.createColors>;

const WIDTH_MIN = 60;
const WIDTH_MAX = 160;
const NAME_WIDTH_MIN = 20;
/** Wider names are broken at a hyphen where there is one. */
const NAME_WIDTH_MAX = 32;
const VERDICT_WIDTH = 16;

export function renderFindings(report: Report, { colour = false, columns = 100 }: TextOptions = {}): string {
  const paint = colours.createColors(colour);
  const { record, verdict, exit, findings } = report;
  const byHand = byHandNote(record.events);
  const startedAt = record.wallMs > 0 ? new Date(record.wallMs).toISOString() : 'unknown time';
  const lines = [
    `${paint.bold(printable(record.plan.title))}  ${paint.dim(printable(`run ${record.run}, ${startedAt}, seed ${record.plan.seed}, ${formatMs(record.toMs - record.fromMs)}`))}`,
    findings.length > 0 ? findingsShown(findings, paint, columns) : 'Nothing was promised, so nothing can pass.',
    ...faultLines(report, paint),
    ...(byHand === undefined ? [] : [paint.yellow(printable(byHand))]),
    ...record.gaps.map((gap) => paint.yellow(printable(`the record is not whole: ${gap}`))),
    `${word(verdict, paint)}  ${printable(exit.reason)} ${paint.dim(`(exit code ${exit.code})`)}`,
    paint.dim(printable(`again: ${replayCommand(record.plan)}`)),
  ];
  return `${lines.join('\n')}\n`;
}

function word(verdict: Verdict, paint: Paint): string {
  const painted = { pass: paint.green, fail: paint.red, inconclusive: paint.yellow, error: paint.magenta }[verdict];
  return paint.bold(painted(`${VERDICT_WORDS[verdict].sign} ${VERDICT_WORDS[verdict].word}`));
}

/** A table needs room; on a narrow terminal each promise is a paragraph, and the terminal breaks its lines. */
function findingsShown(findings: readonly Finding[], paint: Paint, columns: number): string {
  if (columns >= WIDTH_MIN) return findingsTable(findings, paint, columns);
  const paragraph = (finding: Finding): string =>
    `${word(finding.verdict, paint)}  ${paint.bold(printable(finding.name))}\n${seenCell(finding, paint)}`;
  return `\n${findings.map(paragraph).join('\n\n')}\n`;
}

function findingsTable(findings: readonly Finding[], paint: Paint, columns: number): string {
  const width = Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, columns));
  const nameWidth = Math.min(NAME_WIDTH_MAX, Math.max(NAME_WIDTH_MIN, ...findings.map((f) => f.name.length + 2)));
  const table = new Table({
    head: ['promise', 'verdict', 'what was seen'],
    // Four rulers and the padding inside the columns are part of the width.
    colWidths: [nameWidth, VERDICT_WIDTH, width - nameWidth - VERDICT_WIDTH - 4],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const finding of findings) table.push([nameCell(finding, paint), word(finding.verdict, paint), seenCell(finding, paint)]);
  return table.toString();
}

function nameCell({ name, check, severity }: Finding, paint: Paint): string {
  const kind = `${spaced(check)}${severity === 'warn' ? ', warning' : ''}`;
  return `${broken(printable(name), NAME_WIDTH_MAX - 2)}\n${paint.dim(printable(kind))}`;
}

/** Breaks a long name after its last hyphen that fits; the table would cut it instead. */
function broken(name: string, width: number): string {
  if (name.length <= width) return name;
  const hyphen = name.lastIndexOf('-', width - 1);
  const at = hyphen > 0 ? hyphen + 1 : width;
  return `${name.slice(0, at)}\n${broken(name.slice(at), width)}`;
}

/** A kept promise is one sentence; figures and proof are for the others, and for the page. */
function seenCell({ summary, verdict, measurements, evidence, curve }: Finding, paint: Paint): string {
  // A curve is what was asked for, kept or not.
  const levels = (curve?.points ?? []).map((point) => paint.dim(printable(`  ${point.text}: ${detectionWords(point)}`)));
  if (verdict === 'pass') return [printable(summary), ...levels].join('\n');
  const figures = measurements.map((m) => (m.met === false ? paint.red(figure(m)) : paint.dim(figure(m))));
  const proof = evidence.length > 0 ? [paint.dim(`proof: ${evidence.map((n) => `#${n}`).join(' ')}`)] : [];
  return [printable(summary), ...levels, ...figures, ...proof].join('\n');
}

function figure(measurement: Measurement): string {
  const { name, limit, met } = measurement;
  const sign = met === undefined || met === null ? '·' : met ? '✔' : '✘';
  return printable(`${sign} ${name}: ${formatMeasured(measurement)}${limit === undefined ? '' : `, promised ${limit}`}`);
}

function faultLines({ record }: Report, paint: Paint): string[] {
  return record.faults.map((window, i) => {
    const { step, planned, endedBy, fromMs, toMs } = window;
    const when = `${formatInstant(fromMs, record.fromMs)} to ${formatInstant(toMs, record.fromMs)}`;
    const counts = record.plan.linksUnseen === undefined ? feltWords(window) : 'whom it met is unknown';
    const felt = endedBy === 'unknown' ? FAULT_END_WORDS.unknown : counts;
    return `${paint.bold(letterOf(i))} ${printable(`${step}: ${planned.summary} (${planned.instances.join(', ')}), ${when}; ${felt}`)}`;
  });
}
