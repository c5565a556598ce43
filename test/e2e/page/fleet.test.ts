/** The page of a run on a fleet: agents are processes of their own, and a person sees them, answers a gate, puts faults on what they carry, and halts. */
import { expect, it, vi } from 'vitest';
import { hasEtcd, startEtcd } from '../../support/etcd.js';
import { forThisTest } from '../../support/for-this-test.js';
import { axeFindings, overhangPx, useChromium } from '../../support/page.js';
import { Faultlab, Scratch } from '../faultlab.js';
import { journalOf, newestRun } from '../small-run.js';

const openPage = useChromium();
const sees = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 40_000, interval: 200 });

const CALLER = [
  "const http = require('http'); const back = 'http://' + process.env.BACK;",
  "http.createServer((q, r) => q.url === '/ready' ? r.end('ok') : http.get(back + q.url,",
  "(a) => a.pipe(r.writeHead(a.statusCode))).on('error', () => r.writeHead(502).end())).listen(process.env.PORT, '127.0.0.1');",
].join(' ');

const PLAN = `
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: seen}
topology:
  proxies: {driver: fleet, observationsWithin: 10s}
  services:
    front:
      protocol: http
      argv: [node, -e, ${JSON.stringify(CALLER)}]
      env: {PORT: "\${self.port}", BACK: "\${link.back}"}
      agents: {label: {zone: a}}
      ready: {path: /ready, timeout: 60s}
    back:
      protocol: http
      argv: [node, -e, "require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT, '127.0.0.1')"]
      env: {PORT: "\${self.port}"}
      agents: {label: {zone: b}}
      ready: {path: /, timeout: 60s}
  links: [{from: front, to: back}]
load: {model: open, rate: 20/s, timeout: 5s, target: front, requests: [{name: get, path: "/x/\${key}"}]}
steadyState: {baseline: 1s, settle: 1s}
stopConditions: [none]
method:
  - {name: doors, approve: {question: "shall it begin?", timeout: 5m}}
  - {name: rest, wait: 10m, startAfter: doors}
`;

it.skipIf(!hasEtcd())(
  'a person sees the hosts of a fleet, speaks to the run, does it harm by hand, and halts',
  async () => {
    const server = await startEtcd();
    await using scratch = await Scratch.create();
    for (const zone of ['a', 'b']) {
      const about = ['--name', `host-${zone}`, '--label', `zone=${zone}`, '--state', `${scratch.path}/${zone}`];
      const agent = forThisTest(new Faultlab(['agent', '--etcd', server.url, '--allow-exec', ...about]));
      await agent.says(/is ready/);
    }
    const runs = `${scratch.path}/runs`;
    const given = ['--etcd', server.url, '--ui', '--out', runs, '--report', 'json'];
    const run = forThisTest(new Faultlab(['run', await scratch.write('x.yaml', PLAN), ...given]));
    const [, url = ''] = await run.says(/dashboard: (http:\/\/\S+\/ui\/)/, 120_000);
    await run.says(/doors waits for/, 120_000);
    const page = await openPage(`${url}#/live?link=${encodeURIComponent('front-1->back-1')}`, { expected: [/Failed to load resource/] });
    page.setDefaultTimeout(30_000);

    const row = (host: string) => page.getByRole('row', { name: new RegExp(`^${host} `) });
    await sees(async () => expect(await row('host-a').textContent()).toMatch(/zone=areadyas ours.*front-1.*1 link.*all done.*shipped/));
    await sees(async () => expect(await row('host-b').textContent()).toMatch(/zone=bready.*back-1/));
    await page.getByText('on host-a', { exact: true }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overhangPx(page)).toBe(0);
    await page.setViewportSize({ width: 1180, height: 900 });

    const figures = page.getByRole('region', { name: /^Last \d+ seconds/ });
    await sees(async () => expect(await figures.textContent()).toMatch(/requests.*[1-9]/));
    await page.getByRole('button', { name: 'gray', exact: true }).click();
    await sees(async () => expect(await row('host-a').textContent()).toMatch(/abort by/));
    await page.getByRole('button', { name: /^Remove abort/ }).click();
    await sees(async () => expect(await row('host-a').textContent()).not.toMatch(/abort by/));

    await page.goto(`${url}#/live?instance=back-1`);
    await page.getByRole('button', { name: 'Pause: back-1' }).click();
    await page.getByText('Its process is paused.').waitFor();
    await page.getByRole('button', { name: 'Let it go on: back-1' }).click();
    await page.getByText('Its process is ready.').waitFor();

    await page.goto(`${url}#/people`);
    await page.getByLabel('A note for the journal').fill('host b was paused by me');
    await page.getByRole('button', { name: 'Note it' }).click();
    await page.getByRole('button', { name: /approve/i }).click();
    await run.says(/doors: approved/);
    await page.getByRole('button', { name: 'Halt' }).click();
    await page.getByRole('button', { name: 'Halt everything' }).click();
    const { code, stdout, stderr } = await run.finished;
    expect(code, stdout + stderr).toBe(4);

    const events = await journalOf(await newestRun(runs));
    const byHand = events.flatMap((event) => (event.type === 'handFault' ? [`${event.performs} ${event.change}`] : []));
    expect(byHand).toEqual(['abort intended', 'abort applied', 'abort healed', 'pause intended', 'pause applied', 'pause healed']);
    expect(events.some((event) => event.type === 'note' && event.text === 'host b was paused by me')).toBe(true);
    expect(events.some((event) => event.type === 'gateClosed' && event.decision === 'approved')).toBe(true);
    expect(events.some((event) => event.type === 'healConfirmed')).toBe(true);
  },
  300_000,
);
