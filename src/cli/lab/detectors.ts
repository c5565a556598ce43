/** `faultlab lab detectors`: compares failure detectors on real heartbeats between processes, through links that are disturbed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../../core/errors.js';
import { duration, formatMs } from '../../core/units.js';
import { type Act, lastsMs, scenario } from '../../orchestrator/detector-trial/scenario.js';
import { runTrial } from '../../orchestrator/detector-trial/trial.js';
import { drawTradeOff } from '../../reports/page/detector-picture.js';
import { candidates } from '../../verify/detectors/candidates.js';
import { compareDetectors } from '../../verify/detectors/comparison.js';
import type { CliContext } from '../command.js';
import { sayDetectors } from '../detector-table.js';
import { parseSeed } from '../serve-arguments.js';

interface DetectorOptions {
  interval: number;
  times: number;
  seed: number;
  picture?: string;
  json?: true;
}

/** Shorter ones are lost in what a busy machine adds. */
const INTERVAL_MS_MIN = 20;
const TIMES_MAX = 1_000;

export function addDetectorsCommand(command: Command, context: CliContext): void {
  command
    .command('detectors')
    .description(
      'Send heartbeats through links, disturb, pause and kill their sender, and say how soon and how often each detector suspects it.',
    )
    .option('--interval <duration>', `time between heartbeats, from ${INTERVAL_MS_MIN}ms`, parseInterval, 100)
    .option('--times <n>', 'how often it is paused, and how often killed', parseTimes, 5)
    .option('--seed <n>', 'chooses how long it is paused, and what is lost', parseSeed, 1)
    .option('--picture <file>', 'draw the trade-off, too, as an SVG')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  faultlab lab detectors --interval 50ms --times 10 --picture detectors.svg')
    .action((options: DetectorOptions) => compare(context, options));
}

async function compare(context: CliContext, options: DetectorOptions): Promise<void> {
  const { interval: intervalMs, times, seed } = options;
  const acts = scenario({ intervalMs, times, seed });
  if (!options.json)
    context.warn(`about ${formatMs(lastsMs(acts))}: heartbeats every ${formatMs(intervalMs)}, seed ${seed}; Ctrl-C ends it`);
  const logFolder = mkdtempSync(join(tmpdir(), 'faultlab-detectors-'));
  try {
    const daemonArgv = [...context.self, 'serve', '--port', '0', '--json', '--end-with-parent'];
    const { clock, labFolder, interrupted: signal } = context;
    const ports = { clock, labFolder, logFolder, signal, daemonArgv, say: progress(context, acts, options) };
    const trial = await runTrial(ports, { acts, intervalMs, seed });
    const rows = compareDetectors(candidates(intervalMs), trial, intervalMs);
    if (options.picture !== undefined) {
      const title = `Failure detectors: heartbeats every ${formatMs(intervalMs)}, ${times} crashes, ${times} pauses, one bad path`;
      writeFileSync(options.picture, drawTradeOff(rows, { title }));
    }
    if (options.json)
      context.say(JSON.stringify({ intervalMs, seed, crashes: trial.crashes.length, pauses: trial.pauses, detectors: rows }, null, 2));
    else sayDetectors(context, rows, options);
  } catch (error) {
    if (!context.interrupted.aborted) throw error;
    context.warn(`${String(context.interrupted.reason)}: ended early; the processes of the trial are gone, and there is no result`);
    context.exit(EXIT.stopped);
  } finally {
    rmSync(logFolder, { recursive: true, force: true });
  }
}

const WORDS: Readonly<Record<Act['kind'], string>> = {
  calm: 'calm',
  badPath: 'jitter and loss on the way to one observer',
  stopped: 'paused',
  dead: 'killed',
};

/** A line for each act that is not calm. */
function progress({ warn }: CliContext, acts: readonly Act[], { json }: DetectorOptions): (act: Act) => void {
  const told = acts.filter(({ kind }) => kind !== 'calm');
  return (act) => {
    const at = told.indexOf(act);
    if (!json && at >= 0) warn(`${at + 1}/${told.length} ${WORDS[act.kind]} for ${formatMs(Math.round(act.lastsMs))}`);
  };
}

function parseInterval(text: string): number {
  const parsed = duration({ minMs: INTERVAL_MS_MIN, maxMs: 60_000 }).safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? 'not a duration');
}

function parseTimes(text: string): number {
  const times = Number(text);
  if (Number.isInteger(times) && times >= 1 && times <= TIMES_MAX) return times;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${TIMES_MAX}, found ${text}`);
}
