import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Librarian } from '../../../src/cli/library/librarian.js';
import type { Question } from '../../../src/control/library/clerk.js';
import type { PicturesAnswer, RunsAnswer, TrendAnswer } from '../../../src/control/library/contract.js';
import { hostClock } from '../../../src/core/clock.js';
import { forThisTest } from '../../support/for-this-test.js';
import { RUN, storedRun } from '../../support/stored-run.js';

const experiments = new URL('../../../experiments', import.meta.url).pathname;

let out: string;
let librarian: Librarian;
beforeEach(() => {
  out = '';
});

async function withRun(): Promise<void> {
  const stored = forThisTest(await storedRun({ matched: 4 }));
  out = stored.out;
  librarian = new Librarian({ runs: out, experiments }, hostClock);
}

const ask = async <T>(question: Question): Promise<T> => JSON.parse(await librarian.answer(question)) as T;

describe('runs', () => {
  it('are listed with their verdict, their promises and their faults', async () => {
    await withRun();
    const { runs, more } = await ask<RunsAnswer>({ kind: 'runs', limit: 10 });
    expect(more).toBe(false);
    expect(runs).toMatchObject([
      { run: RUN, title: 'stored', verdict: 'pass', promises: { pass: 1, fail: 0, inconclusive: 0, error: 0 }, faults: ['abort'] },
    ]);
  });

  it('of a folder that is not there are none, and looking does not make it', async () => {
    librarian = new Librarian({ runs: '/nowhere/at/all', experiments }, hostClock);
    expect(await ask<RunsAnswer>({ kind: 'runs', limit: 10 })).toMatchObject({ runs: [], more: false });
  });

  it('are compared, followed and counted as covered', async () => {
    await withRun();
    expect(await ask({ kind: 'compare', before: RUN, after: RUN })).toMatchObject({ before: { run: RUN }, verdicts: [{ kind: 'same' }] });
    const { figures, trend } = await ask<TrendAnswer>({ kind: 'trend', limit: 10 });
    expect(trend?.figure).toBe(figures[0]);
    expect(await ask({ kind: 'trend', limit: 10, figure: 'nonsense' })).toMatchObject({ trend: null });
    expect(await ask({ kind: 'coverage', expireDays: 30 })).toMatchObject({ cells: expect.any(Array), expireDays: 30 });
    await expect(ask({ kind: 'compare', before: RUN, after: 'other' })).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
  });

  it('give their report in every format, made from the journal', async () => {
    await withRun();
    const first = await librarian.answer({ kind: 'report', run: RUN, extension: 'html' });
    expect(first).toContain('<!doctype html>');
    expect(await ask({ kind: 'report', run: RUN, extension: 'json' })).toMatchObject({ verdict: 'pass' });
    await expect(librarian.answer({ kind: 'report', run: RUN, extension: 'exe' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});

describe('a name that leads elsewhere', () => {
  const names = ['..', '.', '', '../../etc', '/etc', `${RUN}/..`, `../x/${RUN}`, `${RUN}\0`, 'C:\\', '%2e%2e'];

  it.each(names)('is no run: %j', async (run) => {
    await withRun();
    for (const question of [
      { kind: 'report', run, extension: 'json' },
      { kind: 'pictures', run },
      { kind: 'picture', run, name: 'timeline.svg' },
      { kind: 'answer', run, question: 'q', text: 't', by: 'b' },
    ] as const)
      await expect(librarian.answer(question)).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
  });

  it.each([...names, '../outside.svg', '/etc/hostname'])('is no picture: %j', async (name) => {
    await withRun();
    await writeFile(join(out, '..', 'outside.svg'), '<svg/>');
    await expect(librarian.answer({ kind: 'picture', name })).rejects.toMatchObject({ code: 'PICTURE_UNKNOWN' });
    await expect(librarian.answer({ kind: 'picture', run: RUN, name })).rejects.toMatchObject({ code: 'PICTURE_UNKNOWN' });
  });

  it.each([...names, '../package.json', '../experiments/gray-failure.yaml', 'faultlab.schema.json'])(
    'is no experiment: %j',
    async (file) => {
      librarian = new Librarian({ runs: 'runs', experiments }, hostClock);
      const plan = { source: { kind: 'shipped', file }, variables: {} } as const;
      await expect(librarian.answer({ kind: 'plan', plan })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    },
  );

  it('as a link in the folder of the runs is not followed', async () => {
    await withRun();
    const run = '20261121T090001Z-link-abc123';
    await symlink('/etc', join(out, run));
    await symlink('/etc/hostname', join(out, 'host.svg'));
    await expect(librarian.answer({ kind: 'report', run, extension: 'json' })).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    await expect(librarian.answer({ kind: 'picture', name: 'host.svg' })).rejects.toMatchObject({ code: 'PICTURE_UNKNOWN' });
  });
});

describe('pictures', () => {
  it('are those drawn from the journal, and the files beside it', async () => {
    await withRun();
    await writeFile(join(out, RUN, 'mine.svg'), '<svg id="mine"/>');
    await writeFile(join(out, 'detectors.svg'), '<svg id="detectors"/>');
    const { pictures } = await ask<PicturesAnswer>({ kind: 'pictures', run: RUN });
    expect(pictures.map(({ path, kind }) => [path, kind])).toEqual([
      [`${RUN}/pictures/timeline.svg`, 'timeline'],
      [`${RUN}/pictures/mine.svg`, 'file'],
    ]);
    expect((await ask<PicturesAnswer>({ kind: 'pictures' })).pictures).toMatchObject([{ path: 'pictures/detectors.svg' }]);
    expect(await librarian.answer({ kind: 'picture', run: RUN, name: 'mine.svg' })).toBe('<svg id="mine"/>');
    expect(await librarian.answer({ kind: 'picture', name: 'detectors.svg' })).toBe('<svg id="detectors"/>');
    expect(await librarian.answer({ kind: 'picture', run: RUN, name: 'timeline.svg', scheme: 'dark' })).toMatch(/^<svg xmlns=/);
  });
});

describe('plans', () => {
  beforeEach(() => {
    librarian = new Librarian({ runs: 'runs', experiments }, hostClock);
  });

  it('of what is shipped say what would be done, and what to type', async () => {
    const plan = { source: { kind: 'shipped', file: 'gray-failure.yaml' }, variables: { rate: '50/s' } } as const;
    const answer = await ask<Record<string, unknown>>({ kind: 'plan', plan });
    expect(answer).toMatchObject({
      plans: [
        { title: 'gray-failure', environment: 'local', programs: expect.arrayContaining([expect.objectContaining({ name: 'gateway' })]) },
      ],
      commandLine: expect.stringMatching(/^faultlab run \S*experiments\/gray-failure\.yaml --seed 20261 .*--var rate=50\/s/),
    });
    expect(await ask({ kind: 'plan', plan })).toEqual(answer);
  });

  it('of a text with a mistake are refused with its place and a caret', async () => {
    const text = (await readFile(join(experiments, 'gray-failure.yaml'), 'utf8')).replace('protocol: http', 'protocol: htpt');
    const plan = { source: { kind: 'text', name: 'mine.yaml', text }, variables: {} } as const;
    await expect(librarian.answer({ kind: 'plan', plan })).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      message: expect.stringMatching(/^mine\.yaml:\d+:\d+ .*\n.*htpt.*\n +\^/),
    });
  });

  it('of a text that includes a file, or names other experiments, are refused', async () => {
    const including = {
      source: { kind: 'text', name: 'mine.yaml', text: 'include: /etc/passwd\nkind: Experiment' },
      variables: {},
    } as const;
    await expect(librarian.answer({ kind: 'plan', plan: including })).rejects.toMatchObject({ code: 'PLAN_INVALID' });
    const text = 'apiVersion: faultlab/v1\nkind: GameDay\nmetadata: {name: day}\nexperiments: [{file: gray-failure.yaml}]\n';
    const agenda = { source: { kind: 'text', name: 'day.yaml', text }, variables: {} } as const;
    await expect(librarian.answer({ kind: 'plan', plan: agenda })).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('can be had of every experiment that is listed', async () => {
    const { experiments: listed } = await ask<{ experiments: { file: string; title: string }[] }>({ kind: 'shipped' });
    expect(listed.map(({ file }) => file)).toContain('taxonomy/retry-storm.yaml');
    expect(listed.every(({ title }) => title !== '')).toBe(true);
    const [first] = listed;
    await ask({ kind: 'plan', plan: { source: { kind: 'shipped', file: first?.file ?? '' }, variables: {} } });
  });
});

describe('an answer to a question of the game day', () => {
  const answer = { kind: 'answer', run: RUN, question: 'What surprised you?', text: 'the cache', by: 'ann' } as const;

  it('stands behind the end of the journal, and in the report', async () => {
    await withRun();
    await ofAGameDay();
    await ask(answer);
    expect(await ask({ kind: 'report', run: RUN, extension: 'json' })).toMatchObject({
      verdict: 'pass',
      gaps: [],
      gameDay: { questions: [{ question: answer.question, answers: [{ by: 'ann', text: 'the cache' }] }] },
    });
  });

  it('is refused where nobody asked, and while the run goes on', async () => {
    await withRun();
    await expect(ask(answer)).rejects.toMatchObject({ code: 'REQUEST_INVALID', message: expect.stringContaining('no such question') });
    await ofAGameDay();
    const live = { run: RUN, pid: 1, startTicks: '1', startedWallMs: 1, daemonUrl: 'http://127.0.0.1:1', processes: [] };
    await writeFile(join(out, RUN, 'live.json'), JSON.stringify(live));
    await expect(ask(answer)).rejects.toMatchObject({ code: 'REQUEST_INVALID', message: expect.stringContaining('has not ended') });
  });

  async function ofAGameDay(): Promise<void> {
    const path = join(out, RUN, 'journal.jsonl');
    const text = await readFile(path, 'utf8');
    const gameDay = { people: [], acts: [], questions: [answer.question] };
    await writeFile(path, text.replace('"title":"stored"', `"title":"stored","gameDay":${JSON.stringify(gameDay)}`));
  }
});

describe('a folder', () => {
  it('that is named like a picture is none', async () => {
    await withRun();
    await mkdir(join(out, 'folder.svg'));
    expect((await ask<PicturesAnswer>({ kind: 'pictures' })).pictures).toEqual([]);
  });
});
