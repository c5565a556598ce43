/** Programs of several kinds that are shown another date, and what is said where that cannot be. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { hostClock, sleep } from '../../../src/core/clock.js';
import {
  clockText,
  findFaketime,
  forgetClockOf,
  hasSteeredClock,
  isSkewed,
  setClock,
  steeredBy,
} from '../../../src/orchestrator/services/steered-clock.js';

const folder = mkdtempSync(join(tmpdir(), 'clock-'));
afterAll(() => rmSync(folder, { recursive: true }));

const library = (() => {
  try {
    return findFaketime();
  } catch {
    return undefined;
  }
})();
const hasPython = spawnSync('python3', ['--version']).status === 0;
const HOUR_MS = 3_600_000;

/** A program that answers each line with a number. */
class Teller implements Disposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(argv: readonly string[], env: Readonly<Record<string, string>>) {
    const [program = '', ...words] = argv;
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async ask(question: string): Promise<number> {
    this.#child.stdin?.write(`${question}\n`);
    return Number((await this.#lines.next()).value);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
    forgetClockOf(this.pid);
  }
}

const NODE = `require('readline').createInterface({ input: process.stdin }).on('line', (q) => {
  if (q === 'date') return console.log(Date.now());
  if (q === 'monotonic') return console.log(Number(process.hrtime.bigint()) / 1e6);
  const from = process.hrtime.bigint();
  setTimeout(() => console.log(Number(process.hrtime.bigint() - from) / 1e6), 300);
})`;
/** Its `time.sleep` fails under libfaketime 0.9.10 from Python 3.11 on, whatever the clock; what waits for sockets does not. */
const PYTHON = `import select, sys, time
for line in sys.stdin:
  if line.strip() == 'date': print(time.time() * 1000, flush=True)
  elif line.strip() == 'monotonic': print(time.monotonic() * 1000, flush=True)
  else:
    at = time.monotonic(); select.select([], [], [], 0.3); print((time.monotonic() - at) * 1000, flush=True)`;
/** \`date\` is a program in C. */
const SHELL = 'while read -r question; do date +%s%3N; done';

describe.skipIf(library === undefined)('a steered clock', { timeout: 60_000 }, () => {
  it.each([
    ['Node', [process.execPath, '-e', NODE], true],
    ...(hasPython ? [['Python', ['python3', '-c', PYTHON], true] as const] : []),
    ['C, in the child of a shell,', ['sh', '-c', SHELL], false],
  ] as const)('of a program in %s goes wrong and right again while it runs, and its timers do not', async (_language, argv, hasTimer) => {
    const file = join(folder, `file-${argv[0].replaceAll('/', '')}`);
    setClock(file, 'right');
    using teller = new Teller(argv, steeredBy(file, { library: library ?? '' }));
    const wrongByMs = async (): Promise<number> => (await teller.ask('date')) - Date.now();
    // The answer is as old as it takes to come; an hour is far from any of these.
    expect(Math.abs(await wrongByMs())).toBeLessThan(HOUR_MS / 60);
    expect(hasSteeredClock(teller.pid)).toBe(true);
    for (const offsetMs of [HOUR_MS, -24 * HOUR_MS]) {
      setClock(file, offsetMs);
      expect(Math.abs((await wrongByMs()) - offsetMs)).toBeLessThan(HOUR_MS / 60);
    }
    if (hasTimer) {
      // While it runs the date jumps by two days, and on by an hour several times.
      const timer = teller.ask('timer');
      for (const offsetMs of [24, 25, 26, 27, 28].map((hours) => hours * HOUR_MS)) {
        await sleep(hostClock, 20);
        setClock(file, offsetMs);
      }
      const tookMs = await timer;
      expect([tookMs > 295, tookMs < 10_000]).toEqual([true, true]);
      // One clock for all processes of a machine, so it must be ours.
      expect(Math.abs((await teller.ask('monotonic')) - hostClock.nowMs())).toBeLessThan(HOUR_MS / 60);
    }
    setClock(file, 'right');
    expect(Math.abs(await wrongByMs())).toBeLessThan(HOUR_MS / 60);
  });

  it('leaves nothing in memory behind for who was killed', async () => {
    const file = join(folder, 'killed');
    setClock(file, 'right');
    using teller = new Teller([process.execPath, '-e', NODE], steeredBy(file, { library: library ?? '' }));
    await teller.ask('date');
    await teller.kill();
    forgetClockOf(teller.pid);
    expect(readdirSync('/dev/shm').filter((name) => name.endsWith(`_${teller.pid}`))).toEqual([]);
  });
});

describe('where it cannot be', () => {
  it('says what is missing, where it was looked for, and how to get it', () => {
    expect(() => findFaketime(undefined, ['/nowhere/*/faketime', folder])).toThrow(
      /libfaketime was not found \(looked in \/nowhere.*nothing was injected/,
    );
    expect(() => findFaketime(join(folder, 'no.so'))).toThrow(
      expect.objectContaining({ code: 'FAKETIME_MISSING', hint: expect.stringContaining('apt install libfaketime') }),
    );
  });

  it('finds it in the folder of the machine', () => {
    const place = join(folder, 'x86_64-linux-gnu', 'faketime');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'libfaketimeMT.so.1'), '');
    expect(findFaketime(undefined, [join(folder, '*', 'faketime')])).toBe(join(place, 'libfaketimeMT.so.1'));
  });

  it('knows a process that was started without, or that is not there', () => {
    expect([hasSteeredClock(process.pid), hasSteeredClock(0)]).toEqual([false, false]);
  });
});

it('a clock that is wrong by nothing for a while is told from one that is right', () => {
  const file = join(folder, 'turns');
  setClock(file, 0);
  expect(isSkewed(file)).toBe(true);
  setClock(file, 'right');
  expect([isSkewed(file), isSkewed(join(folder, 'no file'))]).toEqual([false, false]);
});

it('offsets are written in seconds, with their sign', () => {
  expect([clockText(1_500), clockText(-250), clockText(0)]).toEqual(['+1.500000\n', '-0.250000\n', '+0.000000\n']);
});
