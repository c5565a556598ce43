/** The part of the Markdown report for those who look back, to be pasted into a retrospective as it stands. */
import type { PhrasingContent, RootContent } from 'mdast';
import { formatMs } from '../core/units.js';
import type { Finding } from '../verify/check.js';
import { type Cell, code, heading, list, paragraph, quote, strong, table, text } from './markdown-tree.js';
import type { Report } from './reporter.js';
import { type Retro, retroOf, type Said } from './retro.js';
import { DECISION_WORDS, formatInstant, VERDICT_WORDS } from './wording.js';

/** Empty where nobody had a part in it. */
export function retroSection(report: Report): RootContent[] {
  const retro = retroOf(report);
  if (retro === undefined) return [];
  const startMs = report.record.fromMs;
  const title = retro.gameDay === undefined ? 'What people saw and decided' : 'The game day, looking back';
  return [
    heading(title),
    ...cast(retro),
    ...titled('Acts', actsTable(retro, startMs)),
    ...titled('Notes and decisions', saidTable(retro, startMs)),
    ...(retro.gameDay === undefined ? [] : expectations(report.findings, retro, startMs)),
    ...titled('Questions and answers', retro.questions.length === 0 ? undefined : list(retro.questions.map(answered))),
  ];
}

function titled(title: string, content: RootContent | undefined): RootContent[] {
  return content === undefined ? [] : [heading(title, 4), content];
}

function cast({ gameDay, briefedBy }: Retro): RootContent[] {
  const lines =
    gameDay?.briefing
      ?.trim()
      .split('\n')
      .filter((line) => line.trim() !== '') ?? [];
  const people = gameDay?.people ?? [];
  const rows = people.map(({ name, role = '', contact = '' }): Cell[] => [name, role, contact]);
  return [
    ...(lines.length === 0 ? [] : [quote(...lines)]),
    ...(briefedBy === undefined
      ? []
      : [paragraph(text(`The briefing was read and confirmed by ${briefedBy} before anything was started.`))]),
    ...titled('Who took part', rows.length === 0 ? undefined : table(['name', 'role', 'contact'], rows)),
  ];
}

function actsTable({ acts }: Retro, startMs: number): RootContent | undefined {
  if (acts.length === 0) return undefined;
  const promise = ({ name, verdict }: Finding): string => `${VERDICT_WORDS[verdict].sign} ${name}`;
  const rows = acts.map(({ title, fromMs, toMs, outcome, findings }): Cell[] => [
    title,
    outcome === 'never started' ? '' : `${formatInstant(fromMs, startMs)} to ${formatInstant(toMs, startMs)}`,
    outcome,
    findings.map(promise).join(', '),
  ]);
  return table(['act', 'when', 'came to', 'promises'], rows);
}

function saidTable({ said }: Retro, startMs: number): RootContent | undefined {
  if (said.length === 0) return undefined;
  const rows = said.map((one): Cell[] => [formatInstant(one.atMs, startMs), one.by, one.kind === 'gate' ? decision(one) : one.text]);
  return table(['at', 'who', 'what'], rows);
}

function decision({ gate, question, decision: made, waitedMs }: Extract<Said, { kind: 'gate' }>): PhrasingContent[] {
  const asked = question === '' ? '' : `: ${question}`;
  return [strong(DECISION_WORDS[made]), text(` ${gate}${asked} (after ${formatMs(waitedMs)})`)];
}

function expectations(findings: readonly Finding[], { surprises }: Retro, startMs: number): RootContent[] {
  const of = (verdict: Finding['verdict']): PhrasingContent[][] =>
    findings
      .filter((finding) => finding.verdict === verdict)
      .map(({ name, summary, severity }) => [code(name), text(`${severity === 'warn' ? ' (a warning only)' : ''}: ${summary}`)]);
  const unplanned = surprises.map(({ atMs, sentence }) => [text(`${formatInstant(atMs, startMs)} ${sentence}`)]);
  const listed = (items: PhrasingContent[][]): RootContent | undefined => (items.length === 0 ? undefined : list(items));
  return [
    ...titled('What went as expected', listed(of('pass'))),
    ...titled('What did not', listed([...of('fail'), ...of('error'), ...unplanned])),
    ...titled('What is still open', listed(of('inconclusive'))),
  ];
}

function answered({ question, answers }: Retro['questions'][number]): PhrasingContent[] {
  const words = answers.map(({ by, text: said }) => `${said} (${by})`).join('; ');
  return [strong(question), text(` ${words === '' ? 'nobody has answered' : words}`)];
}
