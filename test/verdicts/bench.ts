/** Plays the products and scores them; `main.mjs` compiles and starts it. Says where it is on standard error, and the result on standard output. */
import { parseArgs } from 'node:util';
import { CELLS, type CycleOutcome, type Product, type SimulatedProduct } from './product.js';
import * as simulated from './products/simulated-registry.js';
import { type Score, scoreOf } from './score.js';
import { renderScores } from './table.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    cycles: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
    wrong: { type: 'boolean', default: false },
  },
});

const cycles = Number(values.cycles);
const wanted = values.only?.split(',');
const isWanted = ({ name }: Product): boolean => wanted === undefined || wanted.includes(name);

function playSimulated(product: SimulatedProduct): CycleOutcome[] {
  return CELLS.flatMap((cell) => Array.from({ length: cycles }, (_, i) => product.cycle(cell, i + 1)));
}

const scores: Score[] = [];
for (const product of Object.values(simulated).filter(isWanted)) {
  process.stderr.write(`${product.name}: ${CELLS.length} x ${cycles} cycles in virtual time`);
  const before = process.hrtime.bigint();
  const outcomes = playSimulated(product);
  process.stderr.write(`, ${(Number(process.hrtime.bigint() - before) / 1e9).toFixed(1)} s\n`);
  if (values.wrong) {
    for (const o of outcomes) {
      const isWrong =
        !o.isUnlucky &&
        ((o.cell === 'good' && o.verdict !== 'pass') ||
          (o.cell === 'bad' && o.verdict === 'pass') ||
          (o.cell === 'idle' && o.verdict !== 'inconclusive'));
      if (isWrong) process.stderr.write(`  ${o.cell} ${o.verdict} ${o.summary}\n`);
      if (o.exact['trials']?.[0] === false) process.stderr.write(`  trials ${o.summary}\n`);
    }
  }
  scores.push(scoreOf(product, outcomes));
}
process.stdout.write(values.json ? `${JSON.stringify(scores, undefined, 2)}\n` : renderScores(scores));
