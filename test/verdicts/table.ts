/** Scores as tables of Markdown, which can be read on a terminal too. */
import type { Table, TableRow } from 'mdast';
import { gfmTableToMarkdown } from 'mdast-util-gfm-table';
import { toMarkdown } from 'mdast-util-to-markdown';
import type { Cell } from './product.js';
import type { Score } from './score.js';

const HEAD = [
  'product',
  'cycles',
  'good: pass / fail / undecided',
  'bad: pass / fail / undecided',
  'idle judged',
  'median errors, in ms unless said',
  'exact',
  'fingerprint: right / unsure / wrong',
];

export function renderScores(scores: readonly Score[]): string {
  const table: Table = {
    type: 'table',
    align: HEAD.map((_, i) => (i === 1 ? 'right' : null)),
    children: [HEAD, ...scores.map(cellsOf)].map(rowOf),
  };
  const missed = scores.flatMap(({ product, missed: sentences }) => sentences.map((sentence) => `- ${product}: ${sentence}\n`));
  const verdict = missed.length === 0 ? 'All targets were met.\n' : `Missed:\n\n${missed.join('')}`;
  return `${toMarkdown({ type: 'root', children: [table] }, { extensions: [gfmTableToMarkdown()] })}\n${verdict}`;
}

/** The page beside the suite, dated by version. */
export function renderPage(scores: readonly Score[], version: string): string {
  return `# What the checks say of products whose defence is known

Written by \`npm run bench:verdicts -- --write test/verdicts/README.md\`, for faultlab ${version}. "good" keeps its promise, "bad" breaks it in one
of several ways, "idle" was not put to the test: nobody asked, or the fault reached nobody. Simulated products are written from the published
behaviour of the real ones and play in virtual time, with 1 % errors without a fault, 20 % jitter, stalls, a cache and retries in the way, and a
second caller with another defence; timeouts, hedges, budgets, queues, pools and fallbacks play with the same noise and one caller. For fingerprints
balancers play with the settings that they are shipped with; a set of names is right where nothing tells them apart. Those marked "(real)" are the products themselves behind our links, with 1 % errors
and jitter of up to 4 ms from a link behind each, unless "quiet" stands there, and what they say in their events or logs is the truth; on a busy machine their load starves, and verdicts become undecided. "void" counts cycles in which chance, by the defence's own log,
made a good one bad or a bad one good, or took a healthy instance out so shortly before the fault that its last request cannot tell. Time to open and time to eject are allowed a median error of the time between two requests and 10 ms.

${renderScores(scores)}`;
}

function rowOf(cells: readonly string[]): TableRow {
  return { type: 'tableRow', children: cells.map((value) => ({ type: 'tableCell', children: [{ type: 'text', value }] })) };
}

function cellsOf({ product, cycles, matrix, unlucky, estimates, exact, fingerprint, isNoisy }: Score): string[] {
  const counts = (cell: Cell): string => `${matrix[cell].pass} / ${matrix[cell].fail + matrix[cell].error} / ${matrix[cell].inconclusive}`;
  const { inconclusive: _, ...judged } = matrix.idle;
  return [
    product.endsWith('(real)') && isNoisy !== true ? product.replace('(real)', '(real, quiet)') : product,
    unlucky === 0 ? `${cycles}` : `${cycles} (${unlucky} void)`,
    counts('good'),
    counts('bad'),
    `${Object.values(judged).reduce((sum, count) => sum + count, 0)}`,
    estimates.map(({ name, medianError }) => `${name} ${medianError.toFixed(1)}`).join(', '),
    exact.map(({ name, share }) => `${name} ${(100 * share).toFixed(1)} %`).join(', '),
    fingerprint === undefined ? '' : `${fingerprint.right} / ${fingerprint.unsure} / ${fingerprint.wrong}`,
  ];
}
