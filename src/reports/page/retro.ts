/** The page's part for those who look back: it is to be pasted into a retrospective as it stands. */
import { formatMs } from '../../core/units.js';
import type { RecordedGameDay } from '../../journal/events.js';
import type { RunRecord } from '../../journal/record.js';
import type { Finding } from '../../verify/check.js';
import type { Report } from '../reporter.js';
import { type ActOutcome, type Retro, retroOf, type Said } from '../retro.js';
import { DECISION_WORDS, formatInstant } from '../wording.js';
import { badge } from './badge.js';
import { type Markup, markup } from './markup.js';

/** Empty where nobody had a part in it. */
export function retro(report: Report): Markup {
  const found = retroOf(report);
  if (found === undefined) return markup``;
  const { record, findings } = report;
  return markup`<h2 id="retro">${found.gameDay === undefined ? 'What people saw and decided' : 'The game day, looking back'}</h2>
${found.gameDay !== undefined && cast(found.gameDay, found.briefedBy)}
${acts(found.acts, record)}
${said(found.said, record)}
${found.gameDay !== undefined && expectations(findings, found, record)}
${questions(found.questions)}`;
}

function cast({ briefing, people }: RecordedGameDay, briefedBy: string | undefined): Markup {
  const lines = briefing?.trim().split('\n') ?? [];
  return markup`${lines.length > 0 && markup`<h3>Briefing</h3><blockquote>${lines.map((line) => markup`<p>${line}</p>`)}</blockquote>`}
${briefedBy !== undefined && markup`<p class="soft">Read and confirmed by ${briefedBy} before anything was started.</p>`}
${people.length > 0 && markup`<h3>Who took part</h3><table><thead><tr><th>name</th><th>role</th><th>contact</th></tr></thead><tbody>${people.map(({ name, role, contact }) => markup`<tr><td class="name">${name}</td><td>${role}</td><td>${contact}</td></tr>`)}</tbody></table>`}`;
}

function acts(all: readonly ActOutcome[], { fromMs: startMs }: RunRecord): Markup {
  if (all.length === 0) return markup``;
  return markup`<h3>Acts</h3><div class="stack"><table><thead><tr><th>act</th><th class="n">from</th><th class="n">to</th><th>came to</th><th>promises</th></tr></thead><tbody>
${all.map(({ title, fromMs, toMs, outcome, findings }) => markup`<tr><td>${title}</td><td class="n">${formatInstant(fromMs, startMs)}</td><td class="n">${formatInstant(toMs, startMs)}</td><td>${outcome}</td><td>${findings.map(promise)}</td></tr>`)}</tbody></table></div>`;
}

function promise({ name, verdict }: Finding): Markup {
  return markup`<div class="promised">${badge(verdict)} ${name}</div>`;
}

function said(all: readonly Said[], { fromMs: startMs }: RunRecord): Markup {
  if (all.length === 0) return markup``;
  return markup`<h3>Notes and decisions</h3><table><thead><tr><th class="n">at</th><th>who</th><th>what</th></tr></thead><tbody>
${all.map((one) => markup`<tr><td class="n">${formatInstant(one.atMs, startMs)}</td><td class="name">${one.by}</td><td>${one.kind === 'gate' ? decision(one) : one.text}</td></tr>`)}</tbody></table>`;
}

function decision({ gate, question, decision: made, waitedMs }: Extract<Said, { kind: 'gate' }>): Markup {
  return markup`<strong>${DECISION_WORDS[made]}</strong> ${gate}${question !== '' && `: ${question}`} <small>after ${formatMs(waitedMs)}</small>`;
}

function expectations(findings: readonly Finding[], { surprises }: Retro, { fromMs: startMs }: RunRecord): Markup {
  const of = (verdict: Finding['verdict']): Markup[] =>
    findings
      .filter((finding) => finding.verdict === verdict)
      .map(
        ({ name, summary, severity }) =>
          markup`<li><span class="name">${name}</span>${severity === 'warn' && ' (a warning only)'}: ${summary}</li>`,
      );
  const unplanned = surprises.map(({ atMs, sentence }) => markup`<li>${formatInstant(atMs, startMs)} ${sentence}</li>`);
  return markup`${list('What went as expected', of('pass'))}
${list('What did not', [...of('fail'), ...of('error'), ...unplanned])}
${list('What is still open', of('inconclusive'))}`;
}

function list(title: string, items: readonly Markup[]): Markup {
  return items.length === 0 ? markup`` : markup`<h3>${title}</h3><ul>${items}</ul>`;
}

function questions(all: Retro['questions']): Markup {
  if (all.length === 0) return markup``;
  return markup`<h3>Questions and answers</h3><dl class="answers">
${all.map(({ question, answers }) => markup`<dt>${question}</dt>${answers.length === 0 ? markup`<dd class="soft">nobody has answered</dd>` : answers.map(({ by, text }) => markup`<dd>${text} <small>${by}</small></dd>`)}`)}</dl>`;
}
