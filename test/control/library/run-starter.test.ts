import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunStarter, type StartRequest } from '../../../src/control/library/run-starter.js';
import { hostClock } from '../../../src/core/clock.js';
import { eventually } from '../../e2e/faultlab.js';
import { forThisTest } from '../../support/for-this-test.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starter-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A starter of the given script in place of faultlab; the script is told its arguments, and writes where `argv.json` is. */
async function starterOf(script: string): Promise<RunStarter> {
  const file = join(folder, 'stand-in.cjs');
  await writeFile(
    file,
    `require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'argv.json'))}, JSON.stringify(process.argv.slice(2)));\n${script}`,
  );
  const starter = forThisTest(new RunStarter({ clock: hostClock, self: [process.execPath, file], runs: 'my-runs', tokenFile: 'token' }));
  starter.servedAt('http://127.0.0.1:1');
  return starter;
}

const own: StartRequest = {
  plan: 'p1',
  title: 'mine',
  request: { source: { kind: 'text', name: 'mine.yaml', text: 'kind: Experiment' }, variables: { rate: '5/s; rm -rf' }, seed: 3 },
  path: null,
};
const line = (event: object): string => `console.log(JSON.stringify(${JSON.stringify(event)}));`;

const untilEnded = (starter: RunStarter) => eventually('it has ended', () => starter.started.kind === 'ended');

describe('a run that is started from the page', () => {
  it('is a process of its own that uses this daemon, with its verdict when it has ended', async () => {
    const starter = await starterOf(
      `${line({ type: 'runStarted', run: 'R1' })} console.error('a word'); ${line({ type: 'report', verdict: 'fail', exit: { code: 1, reason: 'a promise was broken' } })} process.exitCode = 1;`,
    );
    expect(await starter.start(own)).toMatchObject({ kind: 'running', plan: 'p1', title: 'mine' });
    await untilEnded(starter);
    expect(starter.started).toMatchObject({
      kind: 'ended',
      run: 'R1',
      exitCode: 1,
      verdict: 'fail',
      reason: 'a promise was broken',
      lines: ['a word'],
    });
  });

  it('gets a text of somebody as a file that is gone afterwards, and every word as one argument', async () => {
    const starter = await starterOf('');
    await starter.start(own);
    await untilEnded(starter);
    const argv = JSON.parse(await readFile(join(folder, 'argv.json'), 'utf8')) as string[];
    const [, file = ''] = argv;
    const words = [
      '--out',
      'my-runs',
      '--connect',
      'http://127.0.0.1:1',
      '--var',
      'rate=5/s; rm -rf',
      '--seed',
      '3',
      '--token-file',
      'token',
    ];
    expect(argv).toEqual(['run', file, '--json', '--allow-exec', ...words]);
    expect(file.endsWith('/mine.yaml')).toBe(true);
    await eventually('the file is gone', () => !existsSync(dirname(file)));
  });

  it('is alone', async () => {
    const starter = await starterOf('setInterval(() => {}, 1000);');
    await starter.start(own);
    await expect(starter.start(own)).rejects.toMatchObject({ code: 'RUN_ACTIVE' });
  });

  it('is told once to stop, so that it can heal, however often somebody asks', async () => {
    const starter = await starterOf(
      "let times = 0; process.on('SIGINT', () => { if (++times > 1) process.exit(99); setTimeout(() => process.exit(4), 300); }); console.error('ready'); setInterval(() => {}, 1000);",
    );
    await starter.start(own);
    await eventually('it listens', () => starter.started.kind === 'running' && starter.started.lines.includes('ready'));
    starter.stop();
    starter.stop();
    await starter[Symbol.asyncDispose]();
    expect(starter.started).toMatchObject({ kind: 'ended', exitCode: 4 });
  });

  it('may say a lot: the last 200 lines are kept, and how many came before', async () => {
    const starter = await starterOf("for (let i = 1; i <= 500; i++) console.error('line ' + i + ' ' + 'x'.repeat(2000));");
    await starter.start(own);
    await untilEnded(starter);
    const { started } = starter;
    if (started.kind !== 'ended') throw new Error('it has not ended');
    expect(started.lines).toHaveLength(200);
    expect(started.linesLost).toBe(300);
    expect(started.lines.at(-1)).toMatch(/^line 500 x{100,}$/);
    expect(Math.max(...started.lines.map(({ length }) => length))).toBeLessThanOrEqual(500);
  });

  it('that cannot be started at all has ended, with the reason', async () => {
    const starter = forThisTest(new RunStarter({ clock: hostClock, self: [join(folder, 'not-there')], runs: 'runs' }));
    starter.servedAt('http://127.0.0.1:1');
    await starter.start(own);
    await untilEnded(starter);
    expect(starter.started).toMatchObject({ exitCode: null, verdict: null, reason: expect.stringContaining('ENOENT') });
  });
});
