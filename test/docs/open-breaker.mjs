/**
 * `node test/docs/open-breaker.mjs runs/RUN/journal.jsonl`: draws the open breaker of a real run for the page of `circuitBreaker`: the requests that needed
 * the dependency, those that crossed the wire, and the state that was inferred from both. Run by hand after `npm run gameday`.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readRecord } from '../../dist/journal/reader.js';
import { judge } from '../../dist/verify/judge.js';

const [journal] = process.argv.slice(2);
if (journal === undefined) {
  console.error('expected the path of a journal, like runs/20261121T102327Z-gray-failure-b5cd2e/journal.jsonl');
  process.exit(64);
}

const WIDTH = 900;
const LEFT = 150;
const RIGHT = WIDTH - 16;
const TOP = 34;
const HEIGHT = 190;
const BIN_MS = 250;
const MARGIN_MS = 3_000;
/** A trial lasts a millisecond or two; it is what the reader looks for. */
const STATE_WIDTH_MIN = 2.5;

const record = await readRecord(journal);
const finding = judge(record).findings.find(({ check, lanes = [] }) => check === 'circuitBreaker' && lanes.length > 0);
const params = record.plan.checks.find(({ name }) => name === finding?.name)?.params;
const fault = record.faults.find(({ step }) => step === params?.during);
if (finding === undefined || fault === undefined) throw new Error('this run has no circuitBreaker that was judged');

const window = { fromMs: fault.fromMs - MARGIN_MS, toMs: fault.toMs + MARGIN_MS };
const callees = new Set(fault.planned.instances);
const inside = [...record.exchanges].filter(({ startMs }) => startMs >= window.fromMs && startMs < window.toMs);
const attempts = inside.filter(({ to, path }) => callees.has(to) && !path.startsWith('/health') && !path.startsWith('/ready'));
const tokens = new Set(attempts.map(({ token }) => token));
const routes = new Set(inside.filter(({ from, token }) => from === 'load' && tokens.has(token)).map(({ route }) => route));
const demand = inside.filter(({ from, route }) => from === 'load' && routes.has(route));

const x = (atMs) =>
  LEFT + ((RIGHT - LEFT) * (Math.min(Math.max(atMs, window.fromMs), window.toMs) - window.fromMs)) / (window.toMs - window.fromMs);
const px = (value) => Number(value.toFixed(1));
const isGood = ({ end, status = 0 }) => end === 'complete' && status < 500;

writeFileSync(fileURLToPath(new URL('../../src/verify/checks/docs/open-breaker.svg', import.meta.url)), picture());

function picture() {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui,sans-serif" font-size="12" role="img">
<title>${finding.lanes[0].subject}: an open breaker on the wire</title>
<style>text{fill:#18202b}.soft{fill:#566172}.band{fill:#f0a93b;fill-opacity:.16}.asked{fill:#1d5fa8;fill-opacity:.45}.good{stroke:#146c2e}.bad{stroke:#b3211d}.closed{fill:#cfe3d5}.open{fill:#e5a5a2}.halfOpen{fill:#18202b}.frame{fill:none;stroke:#d5dbe4}</style>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<rect class="band" x="${px(x(fault.fromMs))}" y="${TOP - 8}" width="${px(x(fault.toMs) - x(fault.fromMs))}" height="${HEIGHT - TOP - 16}"/>
<text class="soft" x="${px(x(fault.fromMs) + 4)}" y="${TOP - 14}">${fault.planned.summary}</text>
${row('needed it', TOP, demandBars(TOP, 40))}
${row('crossed the wire', TOP + 52, attemptMarks(TOP + 52, 40))}
${row('so it was', TOP + 104, stateBars(TOP + 104, 18))}
${seconds()}
</svg>
`;
}

function row(label, top, marks) {
  return `<text x="${LEFT - 10}" y="${top + 16}" text-anchor="end">${label}</text>\n${marks}`;
}

/** Requests in each quarter of a second. */
function demandBars(top, height) {
  const counts = Array.from({ length: Math.ceil((window.toMs - window.fromMs) / BIN_MS) }, () => 0);
  for (const { startMs } of demand) counts[Math.floor((startMs - window.fromMs) / BIN_MS)] += 1;
  const most = Math.max(1, ...counts);
  const bars = counts.map((count, i) => {
    const [from, to] = [x(window.fromMs + i * BIN_MS), x(window.fromMs + (i + 1) * BIN_MS)];
    const tall = (height * count) / most;
    return `<rect class="asked" x="${px(from)}" y="${px(top + height - tall)}" width="${px(to - from - 0.6)}" height="${px(tall)}"/>`;
  });
  return `<rect class="frame" x="${LEFT}" y="${top}" width="${RIGHT - LEFT}" height="${height}"/>${bars.join('')}`;
}

/** A stroke for each, shorter where it failed. */
function attemptMarks(top, height) {
  const path = (some, from) => some.map(({ startMs }) => `M${px(x(startMs))} ${top + from}V${top + height}`).join('');
  const [good, bad] = [attempts.filter(isGood), attempts.filter((attempt) => !isGood(attempt))];
  return `<rect class="frame" x="${LEFT}" y="${top}" width="${RIGHT - LEFT}" height="${height}"/><path class="good" d="${path(good, 0)}"/><path class="bad" stroke-width="1.4" d="${path(bad, 14)}"/>`;
}

function stateBars(top, height) {
  const segments = finding.lanes[0].segments.filter(({ fromMs, toMs }) => toMs > window.fromMs && fromMs < window.toMs);
  const bars = [...segments]
    .sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))
    .map(({ state, fromMs, toMs }) => {
      const wide = Math.max(STATE_WIDTH_MIN, x(toMs) - x(fromMs));
      const word = wide > 60 ? `<text x="${px(x(fromMs) + 5)}" y="${top + 13}">${state}</text>` : '';
      return `<rect class="${state}" x="${px(x(fromMs))}" y="${top}" width="${px(wide)}" height="${height}"/>${word}`;
    });
  return bars.join('');
}

function seconds() {
  const count = Math.floor((window.toMs - fault.fromMs) / 1_000);
  return Array.from({ length: Math.floor(count / 2) + 1 }, (_, i) => 2 * i)
    .map((s) => `<text class="soft" x="${px(x(fault.fromMs + 1_000 * s))}" y="${HEIGHT - 12}" text-anchor="middle">${s} s</text>`)
    .join('');
}
