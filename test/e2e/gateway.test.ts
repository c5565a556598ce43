/** A service that knows one address, the gateway's, and calls others by name: its plan's faults meet it all the same. */
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../src/journal/reader.js';
import { listRuns, RunFolder } from '../../src/journal/store.js';
import { Faultlab, faultlab, Scratch } from './faultlab.js';

/** Answers each request with what `back` answered through the proxy named by HTTP_PROXY. */
const FRONT = `
import { createServer, request } from 'node:http';
const proxy = new URL(process.env.HTTP_PROXY);
const headers = { host: 'back', 'proxy-authorization': 'Basic ' + Buffer.from(proxy.username + ':').toString('base64') };
createServer((incoming, answer) => {
  if (incoming.url === '/health') return answer.end();
  request({ host: proxy.hostname, port: proxy.port, path: 'http://back' + incoming.url, headers }, (given) => {
    answer.writeHead(given.statusCode);
    given.pipe(answer);
  }).on('error', () => answer.destroy()).end();
}).listen(Number(process.env.PORT), '127.0.0.1');
`;
const BACK = `
import { createServer } from 'node:http';
createServer((incoming, answer) => answer.end(process.env.NAME)).listen(Number(process.env.PORT), '127.0.0.1');
`;

const experiment = `
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: through-the-gateway}
seed: 1
topology:
  services:
    front:
      {protocol: http, health: /health, ready: /health, argv: [node, front.mjs], workingDirectory: "@", env: {PORT: "\${self.port}", HTTP_PROXY: "\${gateway}"}}
    back: {protocol: http, instances: 2, argv: [node, back.mjs], workingDirectory: "@", env: {PORT: "\${self.port}", NAME: "\${self.name}"}}
  links: [{from: front, to: back}]
load: {rate: 40/s, target: front, requests: [{name: ask, path: /ask}]}
steadyState: {baseline: 1s, settle: 500ms}
method:
  - name: one-is-bad
    fault: {type: abort, target: {from: front, to: back/back-2}, value: {status: 599}, duration: 1s, minMatched: 3}
`;

async function files(scratch: Scratch): Promise<string> {
  await scratch.write('front.mjs', FRONT);
  await scratch.write('back.mjs', BACK);
  return scratch.write('plan.yaml', experiment.replaceAll('"@"', JSON.stringify(scratch.path)));
}

describe('a service behind the gateway', () => {
  it('is led to the instances in turn, and meets the fault on one of them', async () => {
    await using scratch = await Scratch.create();
    const { code, stderr, stdout } = await faultlab('run', await files(scratch), '--out', scratch.path);
    expect([code, stderr, stdout]).toEqual([0, '', expect.stringContaining('PASS')]);
    const [run = ''] = await listRuns(scratch.path);
    const record = await readRecord(new RunFolder(scratch.path, run).journal);
    const links = record.exchanges.filter(({ from }) => from === 'front-1').map(({ link }) => link);
    for (const link of ['front-1->back-1', 'front-1->back-2']) expect(links.filter((l) => l === link).length).toBeGreaterThan(20);
    const told = record.exchanges.filter(({ from, status }) => from === 'load' && status === 599);
    expect(told.length).toBe(record.faults[0]?.applied);
  }, 60_000);

  it('leaves a daemon that serves on as it was', async () => {
    await using scratch = await Scratch.create();
    await using daemon = new Faultlab(['serve', '--port', '0', '--json', '--gateway', '127.0.0.1:0', '--route', 'host=mine,links=some']);
    const url = (await daemon.says(/"url":"([^"]+)"/))[1] ?? '';
    const shown = async () => (await faultlab('gateway', '--json', '--connect', url)).stdout;
    const before = await shown();
    expect((await faultlab('run', await files(scratch), '--out', scratch.path, '--connect', url)).code).toBe(0);
    expect(await shown()).toBe(before);
  }, 60_000);
});

it('a plan on a Toxiproxy server is told that there is no gateway', async () => {
  await using scratch = await Scratch.create();
  await files(scratch);
  const file = await scratch.write(
    'toxi.yaml',
    experiment.replace('  links:', '  proxies: {driver: toxiproxy, url: "http://127.0.0.1:1"}\n  links:'),
  );
  expect(await faultlab('validate', file)).toMatchObject({ code: 64, stderr: expect.stringContaining('Toxiproxy has no gateway') });
});
