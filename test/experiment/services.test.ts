/** Who starts a service, and what can be done to it: what the plan keeps, says and refuses. */
import { describe, expect, it } from 'vitest';
import { describePlan } from '../../src/experiment/describe.js';
import { edited, planText, problemsOf, SMALL } from '../support/experiment.js';

const API = 'api: {protocol: http, instances: 2, argv: [node, api.js],';
const DB = '{name: db-1, address: "127.0.0.1:5432"}';
const withApi = (rest: string): string => edited(SMALL, API, `${API} ${rest},`);
const withDb = (rest: string): string => edited(SMALL, DB, `{name: db-1, address: "127.0.0.1:5432", ${rest}}`);
const serviceOf = (text: string, name: string) => planText(text).services.find((service) => service.name === name);

describe('a service that the run starts', () => {
  it('may be started again, and limited', () => {
    expect(serviceOf(SMALL, 'api')).not.toHaveProperty('restart');
    expect(serviceOf(withApi('restart: onFailure'), 'api')).toMatchObject({ restart: { max: 3, delayMs: 1_000 } });
    const given = withApi('restart: {policy: onFailure, max: 1, delay: 10ms}, limits: {cpu: 0.5, memory: 64MiB}');
    expect(serviceOf(given, 'api')).toMatchObject({
      restart: { max: 1, delayMs: 10 },
      limits: { cpus: 0.5, memoryBytes: 64 * 1024 * 1024 },
    });
    expect(describePlan(planText(given))).toContain(
      'restarted after a failure at most once; limited to 0.5 CPU and 64 MiB, where cgroups allow',
    );
  });
});

describe('files of a service', () => {
  const CONFIG = `files: {api.conf: "port = \${self.port}, db = \${link.db}, first = \${link.db-1}\\n"}, env: {CONFIG: "\${self.data}/api.conf"}`;

  it('are kept with their templates, which know services and instances that it has links to', () => {
    expect(serviceOf(withApi(CONFIG), 'api')).toMatchObject({ files: { 'api.conf': expect.stringContaining(`\${self.port}`) }, data: {} });
    expect(serviceOf(SMALL, 'api')).not.toHaveProperty('files');
  });

  it.each([
    [
      'a folder that nobody is told of',
      withApi('files: {api.conf: x}'),
      `expected \${self.data} in argv or env: nobody would know of the folder`,
    ],
    ['a place outside of it', withApi('files: {../x: y}'), 'expected the name of a file, like haproxy.cfg'],
    ['an address that it has no link to', withApi(CONFIG.replace('link.db-1', 'link.db-9')), 'has no link to "db-9"'],
  ])('are refused with %s', (_what, text, said) => {
    expect(problemsOf(text).join('\n')).toContain(said);
  });
});

describe('programs that an experiment requires', () => {
  const requiring = (list: string): string => edited(SMALL, 'topology:', `requires: ${list}\ntopology:`);

  it('are planned with the packages that have them, and shown', () => {
    const plan = planText(requiring('[{program: haproxy}, {program: etcd, package: etcd-server}]'));
    expect(plan.requires).toEqual([
      { program: 'haproxy', package: 'haproxy' },
      { program: 'etcd', package: 'etcd-server' },
    ]);
    expect(describePlan(plan)).toMatch(/etcd +apt-get install etcd-server/);
  });

  it('are names and no paths or options', () => {
    expect(problemsOf(requiring('[{program: /usr/sbin/haproxy}]')).join('\n')).toContain('expected the name of a program, like haproxy');
    expect(problemsOf(requiring('[{program: etcd, package: --yes}]')).join('\n')).toContain('expected the name of a package');
  });
});

describe('a service that runs already', () => {
  it('is attached to by its address, and its process is looked at where it is told', () => {
    expect(serviceOf(withDb('pid: 4711'), 'db')?.instances).toEqual([
      { name: 'db-1', labels: {}, address: '127.0.0.1:5432', process: { kind: 'pid', pid: 4711 } },
    ]);
    expect(describePlan(planText(withDb('unit: postgresql.service')))).toContain(
      'db-1 at 127.0.0.1:5432, unit postgresql.service: its links are faulted and its process is looked at; it is never limited, restarted or ended',
    );
    expect(describePlan(planText(SMALL))).toContain('db-1 at 127.0.0.1:5432: its links are faulted; its process is not seen');
  });

  it.each([
    ['two processes', withDb('pid: 1, container: db'), 'expected at most one of pid, unit, container'],
    ['an option in the place of a name', withDb('unit: --all'), 'expected a name, like nginx.service or web-1'],
    [
      'no address where links lead to it',
      edited(SMALL, DB, '{name: db-1, pid: 1}'),
      'links lead to db-1: expected its address beside its process',
    ],
    ['limits', edited(SMALL, 'db: {', 'db: {limits: {cpu: 1}, '), 'what the run did not start, it can neither limit nor end'],
    ['restarts', edited(SMALL, 'db: {', 'db: {restart: onFailure, '), 'what the run did not start, it can neither start again nor end'],
    ['limits of nothing', withApi('limits: {}'), 'expected cpu, memory or both; found neither'],
  ])('is refused with %s', (_what, text, said) => {
    expect(problemsOf(text).join('\n')).toContain(said);
  });
});

describe('what is protected by its kind', () => {
  const guarded = (text: string): readonly string[] => planText(text).links.flatMap((link) => (link.protected ? [link.name] : []));
  const protect = (words: string, text = SMALL): string => edited(text, 'load:\n', `  protect: ${words}\nload:\n`);

  it.each([
    ['the port that it always has', protect('[dns]', edited(SMALL, ':5432', ':53')), ['api-1->db-1', 'api-2->db-1']],
    ['its label', protect('[metrics]', withDb('labels: {purpose: metrics}')), ['api-1->db-1', 'api-2->db-1']],
    ['nothing, where there is none', protect('[control, dns, metrics]'), []],
  ])('is known by %s', (_what, text, links) => {
    expect(guarded(text)).toEqual(links);
  });
});
