/** Pieces of a Markdown tree. Text goes in as text: whatever it holds, it cannot become markup. */
import type { PhrasingContent, RootContent, Table, TableRow } from 'mdast';
import { printable } from './printable.js';

export type Cell = string | readonly PhrasingContent[];

export function table(head: readonly string[], rows: readonly Cell[][]): Table {
  return { type: 'table', children: [row(head), ...rows.map(row)] };
}

function row(cells: readonly Cell[]): TableRow {
  return {
    type: 'tableRow',
    children: cells.map((cell) => ({ type: 'tableCell', children: typeof cell === 'string' ? [text(cell)] : [...cell] })),
  };
}

export function heading(title: string, depth: 2 | 3 | 4 = 3): RootContent {
  return { type: 'heading', depth, children: [text(title)] };
}

export function paragraph(...children: PhrasingContent[]): RootContent {
  return { type: 'paragraph', children };
}

/** Each sentence is a paragraph of its own. */
export function quote(...sentences: string[]): RootContent {
  return { type: 'blockquote', children: sentences.map((sentence) => ({ type: 'paragraph', children: [text(sentence)] })) };
}

export function list(items: readonly (readonly PhrasingContent[])[]): RootContent {
  return {
    type: 'list',
    spread: false,
    children: items.map((children) => ({ type: 'listItem', spread: false, children: [{ type: 'paragraph', children: [...children] }] })),
  };
}

export function text(value: string): PhrasingContent {
  return { type: 'text', value: printable(value) };
}

export function code(value: string): PhrasingContent {
  return { type: 'inlineCode', value: printable(value) };
}

export function strong(value: string): PhrasingContent {
  return { type: 'strong', children: [text(value)] };
}
