import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli } from '../support/cli.js';

const experiment = ({ environment = 'local', proxies = '' } = {}): string => `
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: small}
environment: ${environment}
topology:
  services:
    front: {protocol: http, instances: [{name: front-1, address: "127.0.0.1:9"}]}
    back: {protocol: http, instances: [{name: back-1, address: "127.0.0.1:9"}]}
  links: [{from: front, to: back}]
${proxies}
load: {target: front, rate: 1/s, requests: [{name: all, path: "/"}]}
stopConditions: [{harmed: {max: 1}}]
method:
  - name: failing
    fault: {type: noop, target: {from: front, to: back}, duration: 1s}
`;

async function files(...texts: string[]): Promise<{ folder: string; paths: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'faultlab-ui-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const paths = texts.map((_, index) => join(folder, `${index}.yaml`));
  for (const [index, text] of texts.entries()) await writeFile(paths[index] ?? '', text);
  return { folder, paths };
}

describe('run --ui is refused before anything starts', () => {
  it.each([
    ['beside --connect', /serve --ui/, [experiment()], ['--connect', 'http://127.0.0.1:9']],
    ['for several environments', /several environments: local, staging/, [experiment(), experiment({ environment: 'staging' })], []],
    [
      'where another holds the links',
      /of "small": Toxiproxy does not tell what crosses/,
      [experiment({ proxies: '  proxies: {driver: toxiproxy, url: "http://127.0.0.1:9"}' })],
      [],
    ],
  ])('%s', async (_, said, texts, options) => {
    const { folder, paths } = await files(...texts);
    const { code, err, out } = await cli('run', ...paths, '--ui', '--out', join(folder, 'runs'), ...options);
    expect(code).toBe(64);
    expect(err + out).toMatch(said);
  });
});
