/**
 * The report as one page that needs nothing else: no script, no font, no server. It is readable on paper and in the dark, and its policy forbids
 * a browser to load or run anything, so even a hole in the escaping would stay harmless.
 */
import { flowsOf } from './flow.js';
import { findings } from './page/findings.js';
import { header, replay } from './page/header.js';
import { markup } from './page/markup.js';
import { retro } from './page/retro.js';
import { faultsTable, linksTable, log, stepsTable } from './page/story.js';
import { style } from './page/style.js';
import { drawTimeline } from './page/timeline.js';
import { victimsTable } from './page/victims.js';
import { defineReporter, type Report } from './reporter.js';
import { VERDICT_WORDS } from './wording.js';

export const html = defineReporter({
  name: 'html',
  summary: 'Write a self-contained page with the verdicts, their proof and a timeline picture.',
  extension: 'html',
  render: renderPage,
});

function renderPage(report: Report): string {
  const { record, verdict } = report;
  const flows = flowsOf(record);
  const page = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="generator" content="faultlab">
<title>${VERDICT_WORDS[verdict].word}: ${record.plan.title}</title><style>${style}</style></head>
<body><main>
${header(report)}
${findings(report)}
${retro(report)}
<h2 id="timeline">What happened on the wire</h2>
<p class="soft">Time runs from left to right, counted from the start of the run. Shaded columns: a fault was on; hatched where it acted. Requests count where they began.</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="timeline">${drawTimeline({ record, findings: report.findings, flows })}</div>
${linksTable(record, flows)}
${faultsTable(record)}
${victimsTable(record)}
${stepsTable(record)}
${log(record)}
${replay(report)}
</main></body></html>
`;
  return page.markup;
}
