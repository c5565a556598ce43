/** Manifests of deploy/ against Kubernetes' own schemas, and against each other and the command line: a typo in any of them is found only on a cluster else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DaemonSet, Deployment } from 'kubernetes-models/apps/v1';
import { Namespace, Secret, Service, ServiceAccount } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { cli } from '../support/cli.js';

const deploy = fileURLToPath(new URL('../../deploy', import.meta.url));
const folder = join(deploy, 'kubernetes');
const files = readdirSync(folder);

const KINDS = { DaemonSet, Deployment, Namespace, Secret, Service, ServiceAccount };

interface Manifest {
  kind: keyof typeof KINDS;
  metadata: { name: string; namespace?: string };
  spec?: {
    selector?: { matchLabels?: Record<string, string> } & Record<string, unknown>;
    ports?: { targetPort: string | number }[];
    template?: { metadata: { labels: Record<string, string> }; spec: PodSpec };
  };
}
interface PodSpec {
  serviceAccountName?: string;
  containers: { name: string; args?: string[]; env?: { name: string }[]; ports?: { name: string }[]; volumeMounts?: { name: string }[] }[];
  volumes: { name: string; secret?: { secretName: string } }[];
}

const manifestsOf = (file: string): readonly Manifest[] =>
  parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => document.toJS() as Manifest);
const all = files.flatMap(manifestsOf);

/** Throws with what the schema dislikes. */
function validate(manifest: Manifest): void {
  const Kind = KINDS[manifest.kind];
  new Kind(manifest as unknown as never).validate();
}

describe('deploy/kubernetes', () => {
  it.each(files)('%s is what Kubernetes takes', (file) => {
    for (const manifest of manifestsOf(file)) expect(() => validate(manifest), manifest.metadata.name).not.toThrow();
  });

  it('would be told of a manifest that Kubernetes does not take', () => {
    const [daemonSet] = all.filter(({ kind }) => kind === 'DaemonSet');
    if (daemonSet?.spec?.template === undefined) throw new Error('there is no DaemonSet');
    const { selector: _, ...without } = daemonSet.spec;
    expect(() => validate({ ...daemonSet, spec: without })).toThrow('selector');
    const wrong = { ...daemonSet.spec.template, spec: { ...daemonSet.spec.template.spec, containers: [{ image: 'x' }] as never } };
    expect(() => validate({ ...daemonSet, spec: { ...daemonSet.spec, template: wrong } })).toThrow('name');
  });

  const names = (wanted: Manifest['kind']) => all.flatMap(({ kind, metadata }) => (kind === wanted ? [metadata.name] : []));
  const pods = all.flatMap(({ spec }) => (spec?.template === undefined ? [] : [{ ...spec.template, chosen: spec.selector?.matchLabels }]));
  const containers = pods.flatMap(({ spec }) => spec.containers);

  it.each(pods)('chooses pods by labels that they have, with secrets and accounts that are there', ({ metadata, chosen, spec }) => {
    expect(metadata.labels).toMatchObject(chosen ?? { none: '' });
    expect(names('Secret')).toEqual(expect.arrayContaining(spec.volumes.flatMap(({ secret }) => secret?.secretName ?? [])));
    expect(names('ServiceAccount')).toEqual(expect.arrayContaining([spec.serviceAccountName ?? 'faultlab-agent']));
    const mounted = spec.containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
    expect(spec.volumes.map(({ name }) => name)).toEqual(expect.arrayContaining(mounted));
  });

  it('uses variables and ports that are there', () => {
    for (const { args = [], env = [] } of containers) {
      const used = args.flatMap((arg) => [...arg.matchAll(/\$\((\w+)\)/g)].map(([, name]) => name));
      expect(env.map(({ name }) => name)).toEqual(expect.arrayContaining(used));
    }
    const opened = containers.flatMap(({ ports = [] }) => ports.map(({ name }) => name));
    const wanted = all.flatMap(({ kind, spec }) => (kind === 'Service' ? (spec?.ports ?? []) : [])).map(({ targetPort }) => targetPort);
    expect(opened).toEqual(expect.arrayContaining(wanted.filter((port) => typeof port === 'string')));
  });

  it('starts agents with words that `faultlab agent` knows', async () => {
    const help = (await cli('agent', '--help')).out;
    const agents = containers.filter(({ name }) => name === 'faultlab');
    expect(agents).toHaveLength(2);
    for (const { args: [command, ...options] = [] } of agents) {
      expect(command).toBe('agent');
      for (const option of options) expect(help).toMatch(new RegExp(`^\\s+${option.split('=')[0]}\\b`, 'm'));
    }
  });

  it('is explained in the README, file by file', () => {
    const readme = readFileSync(join(deploy, '..', 'README.md'), 'utf8');
    for (const file of [...files.map((name) => `deploy/kubernetes/${name}`), 'deploy/Containerfile']) expect(readme).toContain(file);
  });
});

describe('deploy/Containerfile', () => {
  it('copies what there is', () => {
    const text = readFileSync(join(deploy, 'Containerfile'), 'utf8');
    const root = readdirSync(join(deploy, '..'));
    const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
    expect(copied.length).toBeGreaterThan(3);
    for (const source of copied) expect(root).toContain(source);
  });
});
