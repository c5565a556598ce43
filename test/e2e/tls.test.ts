/** An experiment over a link that terminates TLS: the caller trusts the lab CA by `${ca}`, and the fault is a certificate that has expired. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Faultlab, Scratch } from './faultlab.js';

const TIMEOUT_MS = 90_000;

/** Answers with what its callee says over TLS, or with the code of what went wrong. */
const FRONT = `
  const https = require('https');
  require('http').createServer((_, response) => {
    const [host, port] = process.env.BACK.split(':');
    https.get({ host, port, servername: 'back.test', agent: false }, (back) => back.pipe(response))
      .on('error', ({ code }) => { response.statusCode = 502; response.end(code); });
  }).listen(process.env.PORT, '127.0.0.1');
`.replace(/\s*\n\s*/g, ' ');
const BACK = `require('http').createServer((_, r) => r.end('hello')).listen(process.env.PORT, '127.0.0.1')`;

const EXPERIMENT = `
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: old-certificate}
seed: 1
topology:
  services:
    front: {protocol: http, argv: [node, -e, ${JSON.stringify(FRONT)}], env: {PORT: "\${self.port}", BACK: "\${link.back}", NODE_EXTRA_CA_CERTS: "\${ca}"}}
    back: {protocol: http, argv: [node, -e, ${JSON.stringify(BACK)}], env: {PORT: "\${self.port}"}}
  links: [{from: front, to: back, tls: terminate}]
load: {rate: 20/s, target: front, requests: [{name: all, path: /}]}
steadyState:
  baseline: 500ms
  settle: 2s
  probes:
    - {name: answers, type: wire, mode: edge, target: {from: load, to: front}, window: 1s, tolerance: {metric: successRate, criteria: ">=", value: 90}}
method:
  - name: expired
    fault: {type: certExpired, target: {from: front, to: back}, duration: 1s}
verify:
  - faultWasFelt: {step: expired}
`;

it(
  'a certificate that expires for a while is felt, recorded with who refused it, and healed',
  async () => {
    await using scratch = await Scratch.create();
    const file = await scratch.write('tls.yaml', EXPERIMENT);
    await using run = new Faultlab(['run', file, '--out', scratch.path]);
    const { code, stdout, stderr } = await run.finished;
    expect([code, stderr], stdout).toEqual([0, '']);
    const [folder] = (await readdir(scratch.path, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    const journal = (await readFile(join(scratch.path, folder?.name ?? '', 'journal.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; end?: string; link?: string; handshake?: { endedBy: string } });
    const refused = journal.filter(({ type, end }) => type === 'connection' && end === 'handshakeFailed');
    expect(refused.length).toBeGreaterThan(5);
    expect(new Set(refused.map(({ link, handshake }) => `${link} ${handshake?.endedBy}`))).toEqual(new Set(['front-1->back-1 client']));
  },
  TIMEOUT_MS,
);
