/** The command line of the bench, and its help. */
import { parseArgs } from 'node:util';
import type { Product } from './product.js';

const CYCLES = 200;
const REAL_CYCLES = 20;
const CYCLES_MAX = 100_000;

export interface Options {
  /** Cycles of each cell in virtual time. */
  cycles: number;
  /** Cycles of each real product, in real time. */
  realCycles: number;
  json: boolean;
  why: boolean;
  /** A file for the page with the result. */
  write: string | undefined;
  products: readonly Product[];
  /** Files with results of earlier runs, for products that are not played now. */
  with: readonly string[];
}

/** What was asked, or the text that is to be shown instead. Throws a sentence for the terminal. */
export function readOptions(argv: readonly string[], all: readonly Product[]): Options | string {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string' },
      cycles: { type: 'string', default: `${CYCLES}` },
      'real-cycles': { type: 'string', default: `${REAL_CYCLES}` },
      json: { type: 'boolean', default: false },
      why: { type: 'boolean', default: false },
      write: { type: 'string' },
      with: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return helpText(all);
  return {
    cycles: countOf('--cycles', values.cycles),
    realCycles: countOf('--real-cycles', values['real-cycles']),
    json: values.json,
    why: values.why,
    write: values.write,
    with: values.with,
    products: chosen(values.only, all),
  };
}

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= CYCLES_MAX) return count;
  throw new Error(`${option} ${text}: expected a whole number from 0 to ${CYCLES_MAX}`);
}

function chosen(list: string | undefined, all: readonly Product[]): readonly Product[] {
  if (list === undefined) return all;
  const names = list.split(',');
  const unknown = names.find((name) => !all.some((product) => product.name === name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: expected one or more of\n  ${all.map(({ name }) => name).join('\n  ')}`);
  return all.filter(({ name }) => names.includes(name));
}

function helpText(all: readonly Product[]): string {
  return `Usage: npm run bench:verdicts -- [options]

Holds what the checks infer against products whose defence is known, and prints one row a product: how good, bad and idle ones were judged, how
far estimates were from the truth, and which targets were missed.

Options:
  --only "A,B"       these products only
  --cycles N         cycles of each simulated product and cell, in virtual time (${CYCLES}; 0 leaves them out)
  --real-cycles N    cycles of each real product, in real time (${REAL_CYCLES}; 0 leaves them out)
  --why              say of every wrong verdict on standard error what was found
  --json             the result as JSON; progress goes to standard error
  --write FILE       also write the page that test/verdicts/README.md is
  --with FILE        a result that --json printed, for products that are not played now; the last of several counts
  --help             this text

Products:
${all.map(({ name, summary }) => `  ${name.padEnd(34)} ${summary}`).join('\n')}

Exit codes: 0 all targets met, 1 some were missed, 64 wrong usage.
`;
}
