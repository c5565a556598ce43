/** A sweep over the error rate of one instance of the real shop: from which share on its gateway ejects it, and that it is found where it never does. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { reportDocument } from '../../src/reports/report-document.js';
import { faultlab, Scratch } from './faultlab.js';

const TIMEOUT_MS = 120_000;

/** Three errors in a row eject: at 3 % about once in 38,000 requests, at 80 % within five. */
interface Shop {
  ejection: 'on' | 'off';
  levels: string;
  rest: string;
}

const sweep = ({ ejection, levels, rest }: Shop) => `
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: sweep}
environment: local
seed: 4
topology:
  services:
    gateway:
      protocol: http
      argv: [node, "\${lab}/shop/gateway.js", --ejection, "${ejection}"]
      env: {PORT: "\${self.port}", INVENTORY: "\${link.inventory}", PAYMENTS: "\${link.payments}"}
      health: /health
      ready: {path: /ready, timeout: 15s}
    inventory:
      protocol: http
      instances: 3
      argv: [node, "\${lab}/shop/inventory.js"]
      env: {PORT: "\${self.port}", NAME: "\${self.name}"}
      health: /health
      ready: {path: /ready, timeout: 15s}
    payments: {protocol: http, argv: [node, "\${lab}/shop/payments.js"], env: {PORT: "\${self.port}", NAME: "\${self.name}"}}
  links: [{from: gateway, to: inventory}, {from: gateway, to: payments}]
load: {rate: 90/s, target: gateway, timeout: 3s, requests: [{name: stock, method: GET, path: "/stock/\${key}"}]}
steadyState: {baseline: 4s, settle: 1s}
stopConditions: [none]
method:
  - name: gray
    fault:
      type: abort
      target: {from: gateway, to: inventory/inventory-2}
      match: {path: /stock*}
      value: {status: 503}
      duration: 4s
      sweep: {levels: [${levels}], rest: ${rest}}
verify:
  - name: notices
    detectionCurve: {from: gateway, to: inventory, during: gray, defence: ejection, noticesFrom: 80, within: 3s, sparesUpTo: 3}
`;

async function runSweep(shop: Shop) {
  await using scratch = await Scratch.create();
  const file = await scratch.write('sweep.yaml', sweep(shop));
  const { code, stdout, stderr } = await faultlab('run', file, '--out', scratch.path, '--report', 'json,html');
  const path = /report: (\S+)\.json/.exec(stdout)?.[1];
  if (path === undefined) throw new Error(`no report:\n${stdout}\n${stderr}`);
  const { findings } = reportDocument.parse(JSON.parse(await readFile(`${path}.json`, 'utf8')));
  const finding = findings.find(({ name }) => name === 'notices');
  return { code, stdout, finding, page: await readFile(`${path}.html`, 'utf8') };
}

describe.concurrent('a sweep on the real shop', () => {
  it(
    'finds from which error rate on the gateway ejects, and draws it',
    async () => {
      const { code, stdout, finding, page } = await runSweep({ ejection: 'on', levels: '3, 80, 100', rest: '8s' });
      expect(finding?.curve?.points.map(({ value, noticed }) => [value, noticed])).toEqual([
        [3, false],
        [80, true],
        [100, true],
      ]);
      expect([code, finding?.verdict]).toEqual([0, 'pass']);
      expect(finding?.measurements.at(-1)).toMatchObject({ name: 'noticed from', value: '80 % on, not at 3 %' });
      expect(stdout).toMatch(/3 %: not noticed, \d+ faulted requests? went by/);
      expect(page).toContain('When gateway -&gt; inventory noticed, by percentage');
    },
    TIMEOUT_MS,
  );

  it(
    'finds a gateway that never ejects, whatever the error rate',
    async () => {
      const { code, finding } = await runSweep({ ejection: 'off', levels: '80, 100', rest: '1s' });
      expect([code, finding?.verdict]).toEqual([1, 'fail']);
      expect(finding?.summary).toContain('100 % was not noticed');
      expect(finding?.curve?.points.every(({ noticed }) => noticed === false)).toBe(true);
    },
    TIMEOUT_MS,
  );
});
