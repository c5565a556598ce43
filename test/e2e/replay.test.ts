/** A run again, as a rehearsal, once more with the same seed, and with fewer and fewer faults: each on real processes. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Finished, faultlab, Scratch } from './faultlab.js';

const TIMEOUT_MS = 120_000;

let back: Server;
beforeAll(async () => {
  back = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(back, 'listening');
});
afterAll(() => {
  back.closeAllConnections();
  back.close();
});

/** Passes every request on over the link, one after the other, and what it hears back. */
const FRONT = [
  "const http = require('http');",
  "http.createServer((asked, answer) => http.get('http://' + process.env.BACK + asked.url, { agent: false }, (got) => { answer.statusCode = got.statusCode; got.pipe(answer); })",
  ".on('error', () => { answer.statusCode = 502; answer.end(); })).listen(process.env.PORT, '127.0.0.1');",
].join(' ');

const experiment = () => `
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: three-faults}
environment: local
seed: 11
topology:
  services:
    front: {protocol: http, argv: [node, -e, "${FRONT}"], env: {PORT: "\${self.port}", BACK: "\${link.back}"}}
    back: {protocol: http, instances: [{name: back-1, address: "127.0.0.1:${(back.address() as AddressInfo).port}"}]}
  links: [{from: front, to: back}]
load: {rate: 60/s, target: front, requests: [{name: all, path: "/\${key}"}]}
steadyState: {baseline: 500ms, settle: 500ms}
stopConditions: []
method:
  - {name: slow, fault: {type: delay, target: {from: front, to: back}, value: {delay: 2ms}, duration: 1s}}
  - {name: failing, fault: {type: abort, target: {from: front, to: back}, value: {status: 503}, percentage: 40, duration: 1s}}
  - {name: slow-bytes, fault: {type: latency, target: {from: front, to: back}, value: {latency: 2ms}, duration: 1s}}
verify:
  - {name: few-errors, errorRatio: {from: load, to: front, max: 2, minDemand: 20}}
`;

/** The last JSON line of that type. */
function said({ stdout }: Finished, type: string): Record<string, unknown> | undefined {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>).findLast((line) => line['type'] === type);
}

describe('a run that broke a promise', () => {
  it(
    'is rehearsed without harm, replayed with the same decisions, and shrunk to the fault that broke it',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('three-faults.yaml', experiment());
      const out = ['--out', scratch.path];

      const dry = await faultlab('run', file, ...out, '--dry');
      expect(dry.stdout).toMatch(/failing: .*; [1-9]\d* met it, 0 faulted/);
      expect(dry.stdout).toContain('it was a dry run');
      expect(dry.code, dry.stdout + dry.stderr).toBe(2);

      const first = await faultlab('run', file, ...out, '--json');
      expect(first.code, first.stdout + first.stderr).toBe(1);

      const again = await faultlab('replay', 'last', ...out);
      expect(again.code, again.stdout + again.stderr).toBe(1);
      expect(again.stdout).not.toContain('not the same');
      const agreement = /failing\D*(\d+)\D*(\d+)\D*(\d+)/.exec(again.stdout.slice(again.stdout.indexOf('decisions of both runs')));
      expect(Number(agreement?.[1]), again.stdout).toBeGreaterThan(20);
      // One link, one request after the other: the n-th decision is the same one.
      expect(agreement?.[2]).toBe(agreement?.[1]);

      const shrunk = await faultlab('replay', 'last', ...out, '--shrink', '--json');
      const result = said(shrunk, 'shrunk');
      expect(result, shrunk.stdout.slice(-2_000) + shrunk.stderr).toMatchObject({ faults: ['failing'] });
      const last = await faultlab('replay', String(result?.['run']), ...out, '--report', 'json');
      expect([last.code, last.stdout]).toEqual([1, expect.stringContaining('few-errors')]);
    },
    TIMEOUT_MS,
  );
});
