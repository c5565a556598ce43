/** Files that no run should begin with: each is refused as a bad plan, in time, with the place and what to do, and nothing is started or injected. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Faultlab, faultlab, Scratch } from './faultlab.js';
import { faultsOf, smallRun, startBack } from './small-run.js';

const SMALL = smallRun({ back: '127.0.0.1:9' });
const CIRCLE = `${SMALL}  - {name: a, wait: 1s, startAfter: [c]}\n  - {name: b, wait: 1s, startAfter: [a]}\n  - {name: c, wait: 1s, startAfter: [b]}\n`;

interface Bad {
  content: string | Uint8Array;
  /** What is said, with file, line and column where there is a place. */
  said: RegExp;
}

const BAD: Readonly<Record<string, Bad>> = {
  'an empty file': { content: '', said: /bad\.yaml:1:1 .*expected an experiment, found an empty file/ },
  'a file of comments alone': { content: '# later\n', said: /expected an experiment, found an empty file/ },
  'a binary file': {
    content: Uint8Array.from({ length: 4096 }, (_, i) => (i * 37) % 256),
    said: /bad\.yaml:1:1 .*is this a binary file\?/,
  },
  'a file of 10 MB': { content: `${SMALL}# ${'x'.repeat(10_000_000)}\n`, said: /expected at most 1048576 characters, found 100\d{5}/ },
  '5,000 levels of lists': {
    content: `a: ${'['.repeat(5_000)}${']'.repeat(5_000)}\n`,
    said: /bad\.yaml:1:\d+ .*expected at most 100 levels of nesting/,
  },
  '5,000 levels of maps': {
    content: Array.from({ length: 5_000 }, (_, i) => `${' '.repeat(i % 900)}a:\n`).join(''),
    said: /bad\.yaml:\d+:\d+ /,
  },
  'an alias bomb': {
    content: [
      'a: &a [x, x]',
      ...Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*${i === 0 ? 'a' : `b${i - 1}`}, *${i === 0 ? 'a' : `b${i - 1}`}]`),
    ].join('\n'),
    said: /aliases cannot be resolved/,
  },
  'steps that wait for each other': {
    content: CIRCLE,
    said: /bad\.yaml:\d+:\d+ .*startAfter: these steps wait for each other: (a -> c -> b -> a|b -> a -> c -> b|c -> b -> a -> c)/,
  },
  'a step that waits for itself': {
    content: `${SMALL}  - {name: a, wait: 1s, startAfter: [a]}\n`,
    said: /these steps wait for each other: a -> a/,
  },
  'two steps of one name': {
    content: `${SMALL}  - {name: failing, wait: 1s}\n`,
    said: /bad\.yaml:\d+:\d+ .*method\[1\]\.name: .*"failing"/,
  },
  'a link that there is not': {
    content: SMALL.replace('target: {from: front, to: back}', 'target: {from: back, to: front}'),
    said: /bad\.yaml:\d+:\d+ .*back/,
  },
  'a service that there is not': {
    content: SMALL.replace('target: {from: front, to: back}', 'target: {from: front, to: bakc}'),
    said: /unknown service "bakc"; did you mean "back"\?/,
  },
};

describe('a file that no run should begin with', () => {
  it.each(Object.entries(BAD))(
    'is refused: %s',
    async (_what, { content, said }) => {
      await using scratch = await Scratch.create();
      const file = join(scratch.path, 'bad.yaml');
      await writeFile(file, content);
      const out = join(scratch.path, 'runs');
      const { code, stdout, stderr } = await faultlab('run', file, '--out', out);
      expect([code, stdout, existsSync(out)]).toEqual([64, '', false]);
      expect(stderr).toMatch(said);
      expect(stderr).toContain('hint: ');
      expect(stderr.length).toBeLessThan(20_000);
    },
    20_000,
  );

  it('would not be refused without its mistake', async () => {
    await using scratch = await Scratch.create();
    const { code, stderr } = await faultlab('validate', await scratch.write('good.yaml', SMALL));
    expect([code, stderr]).toEqual([0, '']);
  });

  it('says every mistake at once, each at its place', async () => {
    await using scratch = await Scratch.create();
    const text = SMALL.replace('to: back}, value', 'to: bakc}, value')
      .replace('baseline: 500ms', 'baseline: 500')
      .replace('method:', 'methd:');
    const { code, stderr } = await faultlab('validate', await scratch.write('bad.yaml', text));
    expect(code).toBe(64);
    expect(stderr).toMatch(/did you mean "method"/);
    expect(stderr).toMatch(/baseline: .*500/);
    expect(stderr.match(/bad\.yaml:\d+:\d+/g)?.length).toBeGreaterThan(1);
  });
});

describe('a daemon that a run steers', () => {
  it('is steered by no other at the same time, which injects nothing and says whose it is', async () => {
    await using scratch = await Scratch.create();
    await using back = await startBack();
    await using daemon = new Faultlab(['serve', '--port', '0', '--json', '--environment', 'local']);
    const url = (await daemon.says(/"url":"([^"]+)"/))[1] ?? '';
    const file = await scratch.write('small.yaml', smallRun({ back: back.address, duration: '20s' }));
    await using first = new Faultlab(['run', file, '--out', join(scratch.path, 'first'), '--connect', url]);
    await first.says(/fault on: failing/);
    const second = await faultlab('run', file, '--out', join(scratch.path, 'second'), '--connect', url);
    expect(second.code).toBe(69);
    expect(second.stderr).toMatch(/run \S+small-\S+/);
    expect(second.stdout).not.toContain('fault on');
    expect((await faultsOf(url)).length).toBe(1);
    first.child.kill('SIGINT');
    expect((await first.finished).code).toBe(4);
    expect(await faultsOf(url)).toEqual([]);
  });
});
