/** The top of the page: what ran, how it came out, and everything needed to find or repeat it. */
import { formatMs } from '../../core/units.js';
import { replayCommand } from '../replay.js';
import type { Report } from '../reporter.js';
import { machineWords, plural } from '../wording.js';
import { badge } from './badge.js';
import { type Markup, markup, type Part } from './markup.js';

export function header({ record, verdict, exit }: Report): Markup {
  const { plan } = record;
  return markup`<header>
<div class="top"><h1>${plan.title}</h1>${badge(verdict)}</div>
<p class="outcome">${sentence(exit.reason)} <span class="soft">Exit code ${exit.code}.</span></p>
${plan.description !== undefined && markup`<p class="soft">${plan.description}</p>`}
<dl class="facts">${factsOf({ record, verdict, exit })}</dl>
${record.gaps.length > 0 && gaps(record.gaps)}
</header>`;
}

/** With a capital letter and a full stop, as a reason from elsewhere may have neither. */
function sentence(text: string): string {
  const trimmed = text.trim().replace(/\.$/, '');
  return trimmed === '' ? '' : `${trimmed[0]?.toUpperCase()}${trimmed.slice(1)}.`;
}

function factsOf({ record }: Pick<Report, 'record' | 'verdict' | 'exit'>): Part[] {
  const { plan } = record;
  const steady = { met: 'met', notMet: 'not met', undecided: 'undecided: there was nothing to judge by', unchecked: 'not checked' }[
    record.steadyState
  ];
  const summed = record.sums.reduce((all, sum) => all + sum.count, 0);
  return [
    fact('run', markup`<code>${record.run}</code>`),
    fact('started', record.wallMs > 0 ? `${new Date(record.wallMs).toISOString().slice(0, 19).replace('T', ' ')} UTC` : 'unknown'),
    fact('lasted', `${formatMs(record.toMs - record.fromMs)} (${record.status})`),
    fact('environment', plan.environment || 'unnamed'),
    fact('seed', String(plan.seed)),
    fact('steady state', steady),
    fact('every fault confirmed gone', record.cleanup === 'confirmed' ? 'yes' : 'NO'),
    fact('seen', `${plural(record.exchanges.length + summed, 'request')}, ${plural(record.connections.length, 'connection')}`),
    fact('plan', markup`<code>${plan.file || 'unknown'}</code>`),
    plan.owner !== undefined && fact('owner', plan.owner),
    plan.labels !== undefined && fact('labels', labelWords(plan.labels)),
    plan.runbook !== undefined && longFact('runbook', plan.runbook),
    fact('faultlab', versionsOf(record)),
    record.machine !== undefined && longFact('machine', `${record.machine.host}: ${machineWords(record.machine)}`),
  ];
}

function labelWords(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** The daemon's own, where it is another one. */
function versionsOf({ version, daemonVersion = version }: Report['record']): string {
  return daemonVersion === version ? version : `${version}, and ${daemonVersion} at the proxies`;
}

function fact(term: string, value: Part): Markup {
  return markup`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}

function longFact(term: string, value: Part): Markup {
  return markup`<div class="long"><dt>${term}</dt><dd>${value}</dd></div>`;
}

function gaps(sentences: readonly string[]): Markup {
  return markup`<div class="notice"><strong>The record of this run is not whole.</strong> No check may pass on it.
<ul>${sentences.map((gap) => markup`<li>${gap}</li>`)}</ul></div>`;
}

export function replay({ record: { plan, run } }: Report): Markup {
  const inputs = Object.entries(plan.inputs);
  const isRun = plan.log === undefined;
  return markup`<h2 id="again">Do it again</h2>
<p>${isRun ? 'The same seed picks the same victims. From the run’s own folder, as it was planned then, or from the file as it is now:' : 'It was no run, but a log of somebody else’s; the same promises can be asked of it again:'}</p>
<pre><code>${
    isRun &&
    markup`faultlab replay ${run}
`
  }${replayCommand(plan)}</code></pre>
${inputs.length > 0 && markup`<table><thead><tr><th>input</th><th>value</th></tr></thead><tbody>${inputs.map(([name, value]) => markup`<tr><td><code>${name}</code></td><td><code>${value}</code></td></tr>`)}</tbody></table>`}`;
}
