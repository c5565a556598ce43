/** Plays the products and scores them; `main.mjs` compiles and starts it. Says where it is on standard error, and the result on standard output. */
import { readFileSync, writeFileSync } from 'node:fs';
import { hostClock } from '../../src/core/clock.js';
import { type Options, readOptions } from './options.js';
import { CELLS, type CycleOutcome, type RealProduct, type SimulatedProduct } from './product.js';
import * as simulated from './products/simulated-registry.js';
import * as real from './real/registry.js';
import { isOff, type Score, scoreOf } from './score.js';
import { renderPage, renderScores } from './table.js';

const EXIT = { met: 0, missed: 1, usage: 64 };
const products: readonly (SimulatedProduct | RealProduct)[] = [...Object.values(simulated), ...Object.values(real)];

function playSimulated(product: SimulatedProduct, cycles: number): CycleOutcome[] {
  return CELLS.flatMap((cell) => Array.from({ length: cycles }, (_, i) => product.cycle(cell, i + 1)));
}

async function play(product: SimulatedProduct | RealProduct, { cycles, realCycles, why }: Options): Promise<Score | undefined> {
  const count = 'cycle' in product ? cycles : realCycles;
  const missing = 'cycle' in product ? undefined : product.missing();
  if (count === 0 || missing !== undefined) {
    if (missing !== undefined) process.stderr.write(`${product.name}: left out, ${missing}\n`);
    return undefined;
  }
  process.stderr.write(`${product.name}: ${count} cycles `);
  const sinceMs = hostClock.nowMs();
  const outcomes = 'cycle' in product ? playSimulated(product, count) : await product.play(count);
  process.stderr.write(`took ${((hostClock.nowMs() - sinceMs) / 1_000).toFixed(1)} s\n`);
  const shown = why ? outcomes.filter((outcome) => isOff(outcome) || Object.values(outcome.exact).flat().includes(false)) : [];
  for (const { cell, verdict, summary, exact } of shown) {
    process.stderr.write(`  ${cell}, ${verdict}: ${summary} ${JSON.stringify(exact)}\n`);
  }
  return scoreOf(product, outcomes);
}

async function bench(options: Options): Promise<number> {
  const found = new Map(options.with.flatMap(readScores).map((score) => [score.product, score]));
  for (const product of products.filter((one) => options.products.includes(one))) {
    const score = await play(product, options);
    if (score !== undefined) found.set(score.product, score);
  }
  const scores = products.flatMap(({ name }) => found.get(name) ?? []);
  if (options.write !== undefined) writeFileSync(options.write, renderPage(scores, versionOf('package.json')));
  process.stdout.write(options.json ? `${JSON.stringify(scores, undefined, 2)}\n` : renderScores(scores));
  return scores.every(({ missed }) => missed.length === 0) ? EXIT.met : EXIT.missed;
}

/** What this program has printed itself. */
function readScores(file: string): readonly Score[] {
  return JSON.parse(readFileSync(file, 'utf8')) as readonly Score[];
}

/** It is started in the repository's root. */
function versionOf(manifest: string): string {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

function readOrExplain(): Options | undefined {
  try {
    const options = readOptions(process.argv.slice(2), products);
    if (typeof options !== 'string') return options;
    process.stdout.write(options);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = EXIT.usage;
  }
  return undefined;
}

const options = readOrExplain();
if (options !== undefined) process.exitCode = await bench(options);
