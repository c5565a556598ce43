/**
 * `npm run bench`: measures faultlab's links beside no proxy and beside others, in one run, and prints tables or JSON. Every process that it starts
 * is its own and ends with it, on Ctrl-C too. `--help` tells the options.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from './certificate.mjs';
import { startEntrants } from './entrants.mjs';
import { hammerKind } from './load/hammer.mjs';
import * as measureRegistry from './measures/registry.mjs';
import { helpText, readOptions } from './options.mjs';
import { renderPicture } from './picture.mjs';
import { Processes } from './processes.mjs';
import { measureRounds } from './rounds.mjs';
import * as subjectRegistry from './subjects/registry.mjs';
import { summarize } from './summary.mjs';
import { renderResult } from './table.mjs';
import { startUpstreams } from './upstreams.mjs';

const EXIT = { measured: 0, failed: 1, usage: 64, interrupted: 130 };

/** A module lists its exports by the alphabet. Of the subjects, what the others are compared with comes first, then ours. */
const ROLES = ['base', 'ours', 'peer'];
const definitions = {
  subjects: Object.values(subjectRegistry).sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role)),
  measures: Object.values(measureRegistry),
};

function machine() {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model ?? 'unknown processor',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    loadAverage: os.loadavg()[0].toFixed(1),
  };
}

/** One line that is written over on a terminal, and one a round elsewhere. */
function createProgress({ stderr }) {
  let toldRound;
  return ({ round, rounds, measure, subject }) => {
    const what = round === 0 ? 'warming up' : `round ${round} of ${rounds}`;
    if (stderr.isTTY) stderr.write(`\r\u001b[K${what}: ${measure}, ${subject}`);
    else if (round !== toldRound) stderr.write(`${what}\n`);
    toldRound = round;
  };
}

async function bench(options, signal) {
  const header = {
    date: new Date().toISOString(),
    node: process.versions.node,
    machine: machine(),
    rounds: options.rounds,
    load: hammerKind,
  };
  const processes = new Processes();
  const folder = mkdtempSync(join(os.tmpdir(), 'faultlab-bench-'));
  let entrants = [];
  try {
    const { routes: upstreams, helloBy, http2: http2Upstream } = await startUpstreams({ processes, folder });
    const certificate = await makeCertificate(folder);
    const started = await startEntrants({ options, processes, folder, upstreams, http2Upstream, certificate });
    entrants = started.entrants;
    const { measures, rounds, lengths } = options;
    const records = await measureRounds({ entrants, measures, rounds, lengths, signal, progress: createProgress(process) });
    return { header: { ...header, hello: helloBy }, subjects: started.told, metrics: summarize(records) };
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    await Promise.allSettled(entrants.map(({ instance }) => instance?.end()));
    await processes.endAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  const options = readOptions(process.argv.slice(2), definitions);
  if (options.help) {
    process.stdout.write(helpText(definitions));
    return EXIT.measured;
  }
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => interrupted.abort(new Error(`ended by ${name}`)));
  try {
    const result = await bench(options, interrupted.signal);
    process.stdout.write(`${options.json ? JSON.stringify(result, null, 2) : renderResult(result)}\n`);
    if (options.picture !== undefined) writeFileSync(options.picture, renderPicture(result));
    const failed = [...result.subjects, ...result.metrics.flatMap(({ rows }) => rows)].some(({ state }) => state === 'failed');
    return failed ? EXIT.failed : EXIT.measured;
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.stderr.write(`${error.message}: nothing was measured to the end\n`);
    return EXIT.interrupted;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`bench: ${error.message}\nhint: npm run bench -- --help\n`);
  process.exitCode = error.code?.startsWith('ERR_PARSE_ARGS') || error.message.startsWith('--') ? EXIT.usage : EXIT.failed;
}
