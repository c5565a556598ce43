import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Executed } from '../../src/cli/execute.js';
import { brief, retrospect } from '../../src/cli/game-day.js';
import { judgeFolder } from '../../src/cli/verdict.js';
import { readRecord } from '../../src/journal/reader.js';
import { session } from '../support/cli.js';
import { edited, planText, SMALL } from '../support/experiment.js';
import { CTRL_C, CTRL_D, ENTER, testKeyboard } from '../support/keyboard.js';
import { storedRun } from '../support/stored-run.js';

const DAY = planText(
  edited(SMALL, 'kind: Experiment', 'kind: GameDay\nbriefing: One host will be ill.\nquestions: [What broke?, And now?]'),
);

describe('the briefing of a game day', () => {
  it('is shown, and whoever confirms it is known', async () => {
    const keyboard = testKeyboard();
    const { context, said } = session();
    const confirmed = brief({ ...context, keyboard }, DAY, {});
    keyboard.type(`y${ENTER}`);
    expect(await confirmed).toBe('eve');
    expect(said().out).toContain('One host will be ill.');
    expect(keyboard.shown()).toContain('may it begin? [y/N]');
  });

  it.each(['n', '', 'maybe'])('lets nothing begin after %j', async (answer) => {
    const keyboard = testKeyboard();
    const confirmed = brief({ ...session().context, keyboard }, DAY, {});
    keyboard.type(`${answer}${ENTER}`);
    await expect(confirmed).rejects.toMatchObject({ code: 'NOT_BEGUN' });
  });

  it('is shown and not confirmed with --yes, and where nobody can be asked', async () => {
    const { context, said } = session();
    expect(await brief({ ...context, keyboard: testKeyboard() }, DAY, { yes: true })).toBeUndefined();
    expect(await brief(context, DAY, {})).toBeUndefined();
    expect(said().out).toMatch(/as --yes says[\s\S]*Nobody can be asked here, so it begins/);
  });

  it('is shown and not asked about again in a day that has begun', async () => {
    const { context, said } = session();
    expect(await brief({ ...context, keyboard: testKeyboard() }, DAY, { begun: { by: 'ann' } })).toBe('ann');
    expect(said().out).toContain('One host will be ill.');
  });

  it('is no part of an experiment, nor of JSON', async () => {
    const { context, said } = session();
    await brief(context, planText(SMALL), {});
    await brief(context, DAY, { json: true });
    expect(said().out).toBe('');
  });
});

async function executed(folder: Executed['folder'], questions: readonly string[]): Promise<Executed> {
  const report = await judgeFolder(folder);
  const gameDay = { people: [], acts: [], questions };
  return { folder, events: 4, report: { ...report, record: { ...report.record, plan: { ...report.record.plan, gameDay } } } };
}

describe('the questions of a game day', () => {
  it('are asked one by one, and what was answered is in the journal', async () => {
    await using stored = await storedRun({ matched: 3 });
    const keyboard = testKeyboard();
    const asked = retrospect(
      { ...session().context, keyboard },
      await executed(stored.folder, ['What broke?', 'Who knew?', 'And now?']),
      {},
    );
    for (const line of ['the cache', '', 'mend it']) {
      keyboard.type(`${line}${ENTER}`);
      await new Promise((resolve) => void setTimeout(resolve, 50));
    }
    const before = await readRecord(stored.folder.journal);
    const { record } = await asked;
    const answers = record.events.filter(({ type }) => type === 'answer');
    expect(answers).toMatchObject([
      { n: 5, question: 'What broke?', text: 'the cache', by: 'eve' },
      { n: 6, question: 'And now?', text: 'mend it', by: 'eve' },
    ]);
    expect(record.gaps).toEqual([]);
    expect(record.toMs).toBe(before.toMs);
  });

  it('are asked after Ctrl-C, with those of a day that ends by it, and another Ctrl-C leaves them', async () => {
    await using stored = await storedRun({ matched: 3 });
    const keyboard = testKeyboard();
    const { context, interrupt } = session();
    interrupt('SIGINT');
    const asked = retrospect({ ...context, keyboard }, await executed(stored.folder, ['What broke?']), { more: ['And the day?', 'Else?'] });
    for (const keys of [`it all${ENTER}`, `long${ENTER}`, CTRL_C]) {
      keyboard.type(keys);
      await new Promise((resolve) => void setTimeout(resolve, 50));
    }
    const { record } = await asked;
    expect(record.events.filter(({ type }) => type === 'answer')).toMatchObject([
      { question: 'What broke?', text: 'it all' },
      { question: 'And the day?', text: 'long' },
    ]);
    expect(keyboard.interrupts()).toBe(0);
  });

  it('are not asked after a signal that nobody pressed', async () => {
    await using stored = await storedRun({ matched: 3 });
    const { context, said, interrupt } = session();
    interrupt('SIGTERM');
    await retrospect({ ...context, keyboard: testKeyboard() }, await executed(stored.folder, ['What broke?']), {});
    expect(said().out).toContain('1 question was not asked: SIGTERM came');
  });

  it('are left open from Ctrl-D on', async () => {
    await using stored = await storedRun({ matched: 3 });
    const keyboard = testKeyboard();
    const asked = retrospect({ ...session().context, keyboard }, await executed(stored.folder, ['What broke?', 'And now?']), {});
    keyboard.type(CTRL_D);
    expect((await asked).record.events.some(({ type }) => type === 'answer')).toBe(false);
  });

  it('are not asked where nobody can be, and that is said', async () => {
    await using stored = await storedRun({ matched: 3 });
    const { context, said } = session();
    const text = await readFile(stored.folder.journal, 'utf8');
    await retrospect(context, await executed(stored.folder, ['What broke?']), {});
    expect(said().out).toContain('1 question was not asked: nobody can be asked here');
    expect(await readFile(stored.folder.journal, 'utf8')).toBe(text);
  });
});
