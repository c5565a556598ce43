/** The tables under the timeline: which faults were on and whether they were felt, what each pair of services saw meanwhile, and the steps. */
import { formatMs } from '../../core/units.js';
import type { RecordedStep } from '../../journal/events.js';
import type { FaultWindow, RunRecord } from '../../journal/record.js';
import type { Flow } from '../flow.js';
import { FAULT_END_WORDS, isTraffic, sentenceOf } from '../sentence.js';
import { type Figures, summaryOf, windowsOf } from '../series.js';
import { formatInstant, formatNumber, formatRatio, letterOf } from '../wording.js';
import { type Markup, markup } from './markup.js';

/** Longer logs are for the journal; the page says that it stops. */
const LOG_LINES_MAX = 200;

export function faultsTable(record: RunRecord): Markup {
  if (record.faults.length === 0) return markup`<h2 id="faults">Faults</h2><p>No fault was ever on.</p>`;
  return markup`<h2 id="faults">Faults</h2>
<div class="scroll" role="region" tabindex="0" aria-labelledby="faults"><table><thead><tr><th>fault</th><th>step</th><th>what</th><th>aimed at</th><th class="n">on</th><th class="n">off</th><th class="n">met it</th><th class="n">faulted</th><th>ended because</th></tr></thead><tbody>
${record.faults.map((fault, i) => faultRow(fault, letterOf(i), record))}</tbody></table></div>`;
}

function faultRow(fault: FaultWindow, letter: string, { fromMs: startMs, plan }: RunRecord): Markup {
  const { step, planned, fromMs, toMs, matched, applied, overflow, unread, endedBy } = fault;
  const isCounted = endedBy !== 'unknown' && plan.linksUnseen === undefined;
  const many =
    planned.instances.length > 8 ? [...planned.instances.slice(0, 7), `and ${planned.instances.length - 7} more`] : planned.instances;
  return markup`<tr><td><span class="letter">${letter}</span></td><td class="name">${step}</td>
<td>${planned.type}${planned.performs !== planned.type && markup` <small>(performed as ${planned.performs})</small>`}<br><small>${planned.summary}</small></td>
<td>${many.join(', ')}</td><td class="n">${formatInstant(fromMs, startMs)}</td><td class="n">${formatInstant(toMs, startMs)}</td>
<td class="n">${isCounted ? matched : '–'}${isCounted && matched < planned.minMatched && markup`<br><small>at least ${planned.minMatched} asked for</small>`}${isCounted && unread > 0 && markup`<br><small>of ${unread} the body could not be read</small>`}</td><td class="n">${isCounted ? applied : '–'}${isCounted && overflow > 0 && markup`<br><small>${overflow} more were too many at a time</small>`}</td><td>${FAULT_END_WORDS[endedBy]}</td></tr>`;
}

export function linksTable(record: RunRecord, flows: readonly Flow[]): Markup {
  const windows = windowsOf(record);
  if (flows.length === 0 || windows.length === 0) return markup``;
  return markup`<h2 id="links">Who saw what, and when</h2>
<p class="soft">Answers that were whole and no server error, and how long the slowest 1 % waited at least, for requests that began in each part of the run. Health checks are left out.</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="links"><table><thead><tr><th>caller → callee</th>${windows.map(({ name }) => markup`<th class="n">${name}</th>`)}</tr></thead><tbody>
${summaryOf(flows, windows).map(({ flow, figures }) => markup`<tr><td class="name">${flow.from} → ${flow.to}</td>${figures.map(figuresCell)}</tr>`)}</tbody></table></div>`;
}

function figuresCell({ successRatio, p99Ms, ratePerSecond }: Figures): Markup {
  if (successRatio === null || p99Ms === null) return markup`<td class="n">nothing asked</td>`;
  return markup`<td class="n">${formatRatio(successRatio)} good<br><small>p99 ${formatMs(p99Ms)}<br>${formatNumber(ratePerSecond)}/s</small></td>`;
}

export function stepsTable(record: RunRecord): Markup {
  const ran = new Map(record.steps.map((s) => [s.step, s]));
  return markup`<h2 id="steps">Steps</h2>
<div class="scroll" role="region" tabindex="0" aria-labelledby="steps"><table><thead><tr><th>step</th><th>does</th><th>after</th><th class="n">from</th><th class="n">to</th><th>outcome</th></tr></thead><tbody>
${record.plan.steps.map((step) => {
  const window = ran.get(step.name);
  const does = doesWords(step);
  return markup`<tr><td class="name">${step.name}</td><td>${does}</td><td>${step.startAfter.join(', ') || 'the start'}</td>
<td class="n">${formatInstant(window?.fromMs ?? Number.NaN, record.fromMs)}</td><td class="n">${formatInstant(window?.toMs ?? Number.NaN, record.fromMs)}</td><td>${window?.outcome ?? 'never started'}</td></tr>`;
})}</tbody></table></div>`;
}

function doesWords({ fault, kind, summary = kind }: RecordedStep): string {
  return fault === undefined ? summary : `${fault.type}: ${fault.summary}`;
}

/** What happened, in order; traffic and kept promises of continuous probes left out. */
export function log(record: RunRecord): Markup {
  const lines = record.events.flatMap((event) => {
    const sentence = isTraffic(event) ? undefined : sentenceOf(event);
    return sentence === undefined ? [] : [{ atMs: event.atMs, n: event.n, sentence }];
  });
  const cut = lines.length - LOG_LINES_MAX;
  return markup`<h2 id="log">What happened, in order</h2>
<table><tbody>${lines.slice(0, LOG_LINES_MAX).map(({ atMs, n, sentence }) => markup`<tr><td class="n">${formatInstant(atMs, record.fromMs)}</td><td><code class="event">#${n}</code></td><td>${sentence}</td></tr>`)}</tbody></table>
${cut > 0 && markup`<p class="soft">${cut} more are in the journal.</p>`}`;
}
