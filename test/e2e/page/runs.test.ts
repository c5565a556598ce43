/** The page's views of runs, of starting one, and of people, as somebody uses them: one small game day is started from the page, decided there, and looked back at. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRuns, RunFolder } from '../../../src/journal/store.js';
import { axeFindings, overhangPx, useChromium } from '../../support/page.js';
import { eventually, Faultlab, Scratch } from '../faultlab.js';
import { journalOf, newestRun, smallRun, startBack } from '../small-run.js';

const VIEW_MS = 60_000;

let scratch: Scratch;
let back: Awaited<ReturnType<typeof startBack>>;
let daemon: Faultlab;
let url: string;
let page: Page;
const openPage = useChromium();

beforeAll(async () => {
  scratch = await Scratch.create();
  back = await startBack();
  daemon = new Faultlab(['serve', '--ui', '--port', '0', '--json', '--runs', scratch.path, '--allow-runs'], { home: scratch.path });
  url = (JSON.parse((await daemon.says(/^\{.*\}$/m))[0]) as { url: string }).url;
  // What is refused is in the console of every browser, whatever the page makes of it.
  page = await openPage(`${url}/ui/`, { expected: [/the server responded with a status of 4\d\d/, /ERR_/] });
  page.setDefaultTimeout(VIEW_MS);
}, 120_000);

afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  await back[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

const goTo = (view: string) => page.goto(`${url}/ui/#/${view}`);

/** A gate for ann, a question behind the run, and names that would be markup if anybody let them. */
function gameDay(): string {
  return smallRun({
    back: back.address,
    duration: '1s',
    lease: '2s',
    steps: ['{name: go, approve: {by: [ann], question: "Is <b>everybody</b> here?", timeout: 60s}}'],
  })
    .replace('kind: Experiment', 'kind: GameDay\npeople: [{name: ann, role: commander}]\nquestions: ["What <i>surprised</i> you?"]')
    .replace('metadata: {name: small}', 'metadata: {name: small, description: "<script>alert(1)</script>"}');
}

async function planText(text: string): Promise<void> {
  await goTo('start');
  await page.getByRole('radio', { name: 'your own' }).check();
  await page.getByLabel('or its text').fill(text);
  await page.getByRole('button', { name: 'Show the plan' }).click();
}

describe('runs on the page', () => {
  it('are none at first, and the page says how to get one', async () => {
    await goTo('runs');
    await page.getByText('No run has ended here yet.').waitFor();
    await page.getByRole('link', { name: 'Start one' }).click();
    await page.getByRole('heading', { name: 'Start an experiment' }).waitFor();
  });

  it('that are shipped show what they would do before anything is started', async () => {
    await goTo('start');
    await page.getByLabel('Find').fill('gray-failure');
    await page.getByRole('button', { name: 'gray-failure gray-failure.yaml', exact: true }).click();
    await page.getByLabel('rate').fill('50/s');
    await page.getByRole('button', { name: 'Show the plan' }).click();
    await page.getByRole('heading', { name: 'gray-failure' }).waitFor();
    await page.getByText('All of the plan, as faultlab plan says it').click();
    await page.getByText('inputs ejection=on, breaker=on, rate=50/s').waitFor();
    expect(await listRuns(scratch.path)).toEqual([]);
  });

  it('with a mistake in their plan show its place with a caret', async () => {
    await planText(gameDay().replace('protocol: http', 'protocol: htpt'));
    const text = (await page.locator('pre.problems').textContent()) ?? '';
    expect(text).toMatch(/^experiment\.yaml:\d+:\d+ .*htpt/m);
    expect(text).toMatch(/^ +\^+$/m);
  });

  it('are started behind a question that names their programs', async () => {
    await planText(gameDay());
    await page.getByRole('button', { name: 'Start it…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('node -e').waitFor();
    expect(await listRuns(scratch.path)).toEqual([]);
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('button', { name: 'Stop and heal' }).waitFor();
  });

  it('ask whom they have to, take notes, and say who decided', async () => {
    await goTo('people');
    const gate = page.getByRole('region', { name: 'Gate go' });
    await gate.getByText('Is <b>everybody</b> here?').waitFor();
    expect(await gate.getByRole('button', { name: 'Approve' }).getAttribute('aria-disabled')).toBe('true');
    await page.getByLabel('Your name').fill('ann');
    await page.getByLabel('A note for the journal').fill('all <quiet> so far');
    await page.getByRole('button', { name: 'Note it' }).click();
    await page.getByRole('listitem').filter({ hasText: 'ann all <quiet> so far' }).waitFor();
    await gate.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('listitem').filter({ hasText: 'ann approved go: Is <b>everybody</b> here?' }).waitFor();
    const folder = await newestRun(scratch.path);
    await eventually('both are in the journal', async () => {
      const events = await journalOf(folder);
      const isNoted = events.some((event) => event.type === 'note' && event.by === 'ann' && event.text === 'all <quiet> so far');
      return isNoted && events.some((event) => event.type === 'gateClosed' && event.by === 'ann' && event.decision === 'approved');
    });
  });

  it('show their verdict when they have ended, and open their report without script', async () => {
    await goTo('start');
    await page.getByRole('link', { name: 'See the report' }).click();
    await page.getByRole('heading', { name: 'small' }).waitFor();
    await page.getByText('<script>alert(1)</script>').waitFor();
    await page.getByRole('img', { name: /^Timeline of the run/ }).waitFor();
    const [report] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: 'Open the report' }).click()]);
    await report.waitForLoadState();
    expect(await report.title()).toMatch(/^PASS: small/);
    await report.close();
  });

  it.each([
    ['HTML', /^<!doctype html>[\s\S]*small/i],
    ['JSON', /^\{[\s\S]*"verdict"/],
    ['Markdown', /small/],
    ['JUnit', /<testsuite[\s\S]*small/],
    ['Text', /small/],
  ])('can be kept as %s', async (format, content) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: `Keep the report as ${format}` }).click(),
    ]);
    expect(await readFile((await download.path()) ?? '', 'utf8')).toMatch(content);
  });

  it('take answers to their questions when their verdict is known', async () => {
    await page.getByLabel('Answer to: What <i>surprised</i> you?').fill('nothing');
    await page.getByRole('button', { name: 'Answer' }).click();
    await page.locator('.question p').filter({ hasText: 'nothing ann' }).waitFor();
    expect(await journalOf(await newestRun(scratch.path))).toContainEqual(
      expect.objectContaining({ type: 'answer', text: 'nothing', by: 'ann' }),
    );
  });

  it('are listed, found, and counted as what was tried', async () => {
    await goTo('runs');
    await page.locator('#view').getByRole('link', { name: 'small' }).waitFor();
    await page.getByLabel('Find').fill('no-such-run');
    await page.getByText('No run is like that.').waitFor();
    await page.getByLabel('Find').fill('abort');
    await page.locator('#view').getByRole('link', { name: 'small' }).waitFor();
    await page.getByRole('link', { name: 'Compare', exact: true }).click();
    await page.getByText('two runs have to have ended').waitFor();
    await page.getByRole('link', { name: 'Pictures', exact: true }).click();
    await page.getByText('No picture lies in').waitFor();
  });
});

describe('two runs', () => {
  it('are held against each other, either way round', async () => {
    const plan = join(scratch.path, 'second.yaml');
    const promise = 'verify: [{name: nobody-suffers, errorRatio: {from: load, to: front, during: failing, max: 1}}]\n';
    await writeFile(plan, smallRun({ back: back.address, duration: '1s', lease: '2s' }) + promise);
    await using second = new Faultlab(['run', plan, '--out', scratch.path, '--report', 'json'], { home: scratch.path });
    expect((await second.finished).code).toBe(1);
    await goTo('compare');
    await page.getByRole('row', { name: /^nobody-suffers .* FAIL new$/ }).waitFor();
    await page.getByRole('button', { name: '⇄ Turn round' }).click();
    await page.getByRole('row', { name: /^nobody-suffers FAIL .* gone$/ }).waitFor();
  });
});

describe('a name that leads elsewhere', () => {
  it.each([
    '/v1/history/..%2f..%2fetc/report.html',
    '/v1/history/%2e%2e/report.json',
    '/v1/history/pictures/..%2foutside.svg',
    '/v1/history/20261121T000000Z-x%00/report.txt',
  ])('finds nothing: %s', async (path) => {
    const answer = await fetch(`${url}${path}`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('root:');
  });
});

describe('every view of runs and people', () => {
  it.each(['light', 'dark'] as const)('has nothing that axe finds, in %s colours, and fits a phone', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    const [run = ''] = await listRuns(scratch.path);
    for (const view of ['runs', `run/${run}`, 'compare', 'trend', 'coverage', 'pictures', `pictures/${run}`, 'start', 'people']) {
      await page.setViewportSize({ width: 1180, height: 900 });
      await goTo(view);
      await eventually(`${view} is there`, async () => (await page.getByText(/Asking the daemon|Drawing…/).count()) === 0);
      expect(await axeFindings(page), view).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await overhangPx(page), view).toBe(0);
    }
  });
});

describe('a daemon that is ended while a run goes on that was started from its page', () => {
  it('lets the run heal first', async () => {
    await page.setViewportSize({ width: 1180, height: 900 });
    const before = (await listRuns(scratch.path)).length;
    await planText(smallRun({ back: back.address, duration: '60s', lease: '2s' }));
    await page.getByRole('button', { name: 'Start it…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start', exact: true }).click();
    await eventually('the fault is on', async () => {
      const runs = await listRuns(scratch.path);
      return runs.length === before + 1 && (await journalOf(await newestRun(scratch.path))).some(({ type }) => type === 'faultApplied');
    });
    daemon.child.kill('SIGINT');
    expect((await daemon.finished).code).toBe(0);
    const folder = new RunFolder(scratch.path, (await listRuns(scratch.path))[0] ?? '');
    expect((await journalOf(folder)).find(({ type }) => type === 'runEnded')).toMatchObject({
      status: 'interrupted',
      cleanup: 'confirmed',
    });
    await expect(readFile(join(folder.path, 'live.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
