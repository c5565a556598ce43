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
  'median errors, ms',
  'exact',
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

function rowOf(cells: readonly string[]): TableRow {
  return { type: 'tableRow', children: cells.map((value) => ({ type: 'tableCell', children: [{ type: 'text', value }] })) };
}

function cellsOf({ product, cycles, matrix, unlucky, estimates, exact }: Score): string[] {
  const counts = (cell: Cell): string => `${matrix[cell].pass} / ${matrix[cell].fail + matrix[cell].error} / ${matrix[cell].inconclusive}`;
  const { inconclusive: _, ...judged } = matrix.idle;
  return [
    product,
    unlucky === 0 ? `${cycles}` : `${cycles} (${unlucky} void)`,
    counts('good'),
    counts('bad'),
    `${Object.values(judged).reduce((sum, count) => sum + count, 0)}`,
    estimates.map(({ name, medianErrorMs }) => `${name} ${medianErrorMs.toFixed(1)}`).join(', '),
    exact.map(({ name, share }) => `${name} ${(100 * share).toFixed(1)} %`).join(', '),
  ];
}
