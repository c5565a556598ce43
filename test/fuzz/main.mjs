/** `npm run fuzz`: compares the link's request framing with Node's own for a minute. `--seconds N --seed S` choose otherwise; a failure exits 1. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { MessageReader } from '../../dist/dataplane/http/message-reader.js';
import { parseRequestHead } from '../../dist/dataplane/http/request-head.js';
import { fuzzFraming } from './framing.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } } });
const seconds = Number(values.seconds);
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
if (!Number.isFinite(seconds) || !Number.isInteger(seed)) throw new Error('expected --seconds NUMBER and --seed INTEGER');

console.log(`request framing against Node ${process.version}: ${seconds} s, --seed ${seed}`);
const { details, counts } = await fuzzFraming({ MessageReader, parseRequestHead }, { seconds, seed });
console.log(
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', '),
);
if (details.counterexample !== null) {
  console.error(
    `${details.errorInstance ?? details.error}\ninput: ${JSON.stringify(details.counterexample[0])}\nseed ${details.seed}, path ${details.counterexamplePath}`,
  );
  process.exitCode = 1;
}
