/** The command line of the benchmark: what may be asked, and the text of --help, which names every subject and measure from the registries. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROUNDS = 7;
const ROUNDS_QUICK = 3;
const ROUNDS_MAX = 1_000;

/** How long the parts of one sample last. `seconds` is whole because wrk counts so. */
const LENGTHS = {
  streamMs: 600,
  seconds: 1,
  roundtripMs: 400,
  idleConnections: 5_000,
  faultMs: 600,
  bandwidthMs: 5_000,
  injections: 10,
  proxies: 1_000,
};
const LENGTHS_QUICK = {
  streamMs: 250,
  seconds: 1,
  roundtripMs: 200,
  idleConnections: 1_000,
  faultMs: 300,
  bandwidthMs: 1_000,
  injections: 3,
  proxies: 200,
};

const SPEC = {
  rounds: { type: 'string' },
  quick: { type: 'boolean', default: false },
  only: { type: 'string' },
  subjects: { type: 'string' },
  toxiproxy: { type: 'string' },
  main: { type: 'string', default: fileURLToPath(new URL('../../dist/main.js', import.meta.url)) },
  baseline: { type: 'string' },
  picture: { type: 'string' },
  profile: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/** What was asked, checked. Throws a sentence for the terminal. */
export function readOptions(argv, { subjects, measures }) {
  const { values } = parseArgs({ args: argv, options: SPEC, strict: true });
  const offered = subjects.filter(({ isOffered }) => isOffered === undefined || isOffered(values));
  return {
    ...values,
    rounds: readRounds(values.rounds ?? (values.quick ? ROUNDS_QUICK : ROUNDS)),
    lengths: values.quick ? LENGTHS_QUICK : LENGTHS,
    measures: chosen('--only', values.only, measures),
    subjects: chosen('--subjects', values.subjects, offered),
  };
}

function readRounds(text) {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= ROUNDS_MAX) return rounds;
  throw new Error(`--rounds ${text}: expected a whole number from 1 to ${ROUNDS_MAX}`);
}

/** Those named in a list with commas, in the order of the registry; all of them without a list. */
function chosen(option, list, all) {
  if (list === undefined) return all;
  const names = list.split(',');
  const known = all.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`${option} ${unknown}: expected one or more of ${known.join(', ')}`);
  return all.filter(({ name }) => names.includes(name));
}

const rows = (definitions) => definitions.map(({ name, summary }) => `  ${name.padEnd(16)} ${summary}`).join('\n');

export function helpText({ subjects, measures }) {
  return `Usage: npm run bench -- [options]

Compares faultlab's links with no proxy at all and with other proxies, side by side: every round measures all of them in turn, beginning with
another one each time, so that what the machine does meanwhile meets them all. Figures are medians over the rounds; ratios are medians of
the rounds' own ratios.

Options:
  --rounds N        rounds to measure, after one to warm up (${ROUNDS}; ${ROUNDS_QUICK} with --quick)
  --quick           fewer and shorter rounds, for a first look
  --only A,B        these measures only
  --subjects A,B    these subjects only
  --toxiproxy URL   add a running Toxiproxy server, like http://127.0.0.1:8474
  --baseline FILE   add another build of faultlab, named by its dist/main.js
  --main FILE       the build to measure (dist/main.js)
  --profile DIR     write a CPU profile of faultlab's processes there (they get slower)
  --picture FILE    draw the result, too, as an SVG
  --json            the result as JSON; progress goes to standard error
  --help            this text

Measures:
${rows(measures)}

Subjects:
${rows(subjects)}

Example:
  npm run bench -- --quick --only requests,roundtrip --toxiproxy http://127.0.0.1:8474

Exit codes: 0 measured, 1 a subject failed, 64 wrong usage, 130 interrupted.
`;
}
