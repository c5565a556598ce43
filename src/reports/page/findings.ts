/** The verdict table: each promise, whether it was kept, the figures behind that, and the events that prove it. */
import type { Finding, Measurement, Verdict } from '../../verify/check.js';
import { type EvidenceLine, evidenceLines } from '../evidence.js';
import type { Report } from '../reporter.js';
import { formatInstant, formatMeasured, spaced } from '../wording.js';
import { badge } from './badge.js';
import { drawCurve } from './curve.js';
import { type Markup, markup, trusted } from './markup.js';

const ORDER: readonly Verdict[] = ['error', 'fail', 'inconclusive', 'pass'];

const CORRELATION_WORDS = {
  C2: 'joined by a correlation token',
  C1: 'joined by a unique key in the path',
  C0: 'by counts only: calls could not be joined to the requests that caused them',
} as const;

export function findings({ record, findings }: Report): Markup {
  if (findings.length === 0) return markup`<h2 id="verdicts">What was promised</h2><p>Nothing was promised, so nothing can pass.</p>`;
  const lines = evidenceLines(
    record,
    findings.flatMap((f) => f.evidence),
  );
  return markup`<h2 id="verdicts">What was promised, and whether it was kept</h2>
<div class="findings stack"><table><thead><tr><th class="promise">promise</th><th>verdict</th><th>what was seen</th><th class="figures">figures</th></tr></thead><tbody>
${worstFirst(findings).map((finding) => row(finding, lines, record.fromMs))}
</tbody></table></div>`;
}

/** What went wrong is what the reader came for; among equals the order of the plan. */
function worstFirst(findings: readonly Finding[]): Finding[] {
  const rank = (finding: Finding): number => ORDER.indexOf(finding.verdict) + (finding.severity === 'warn' ? 0.5 : 0);
  return [...findings].sort((a, b) => rank(a) - rank(b));
}

function row(finding: Finding, lines: ReadonlyMap<number, EvidenceLine>, startMs: number): Markup {
  const { name, check, severity, verdict, summary, measurements } = finding;
  return markup`<tr><td><span class="name">${name}</span><br><small>${spaced(check)}${severity === 'warn' && ', a warning only'}</small></td>
<td>${badge(verdict)}</td><td>${summary}${finding.curve && drawCurve(finding.curve)}${proof(finding, lines, startMs)}</td><td><ul class="measures">${measurements.map(measure)}</ul></td></tr>`;
}

function measure(measurement: Measurement): Markup {
  const { name, limit, met, samples } = measurement;
  const word = met === undefined || met === null ? '' : met ? ' ✔' : ' ✘ broken';
  return markup`<li>${name}: <span class="${met === false && 'bad'}">${formatMeasured(measurement)}${word}</span>${limit !== undefined && markup` <small>promised ${limit}</small>`}${samples !== undefined && markup` <small>from ${samples}</small>`}</li>`;
}

/** Open where somebody will ask for it. */
function proof(finding: Finding, lines: ReadonlyMap<number, EvidenceLine>, startMs: number): Markup | undefined {
  const { evidence, alternatives = [], correlation } = finding;
  if (evidence.length === 0 && alternatives.length === 0 && correlation === undefined) return undefined;
  const shown = evidence.map((n) => {
    const line = lines.get(n);
    return markup`<li><code class="event">#${n}</code> ${formatInstant(line?.atMs ?? Number.NaN, startMs)} ${line?.sentence ?? ''}</li>`;
  });
  return markup`<details${finding.verdict !== 'pass' && trusted(' open')}><summary>proof</summary>
${shown.length > 0 && markup`<ul>${shown}</ul>`}
${alternatives.length > 0 && markup`<p class="soft">What else it could have been:</p><ul>${alternatives.map((a) => markup`<li>${a}</li>`)}</ul>`}
${correlation !== undefined && markup`<p class="soft">Calls and requests were ${CORRELATION_WORDS[correlation]}.</p>`}</details>`;
}
