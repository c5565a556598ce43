/** A fleet as people run it: etcd, agents and the orchestrator are processes of their own, and some of them are killed or stopped. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { readJournal } from '../../src/journal/reader.js';
import { listRuns, RunFolder } from '../../src/journal/store.js';
import { hasEtcd, startEtcd } from '../support/etcd.js';
import { forThisTest } from '../support/for-this-test.js';
import { eventually, Faultlab, Scratch } from './faultlab.js';

const LEASE_MS = 5_000;
const MARGIN_MS = 8_000;

const RELAY = [
  "const http = require('http'); const backs = process.env.BACKS.split(','); let i = 0;",
  "http.createServer((q, r) => q.url === '/ready' ? r.end('ok') : http.get('http://' + backs[i++ % backs.length] + q.url,",
  "(a) => a.pipe(r.writeHead(a.statusCode))).on('error', () => r.writeHead(502).end())).listen(process.env.PORT, '127.0.0.1');",
].join(' ');

const experiment = ({ duration, more = '' }: { duration: string; more?: string }): string => `
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: fleet}
seed: 7
topology:
  proxies: {driver: fleet, lease: ${LEASE_MS}ms, observationsWithin: 10s${more}}
  services:
    front:
      protocol: http
      argv: [node, -e, ${JSON.stringify(RELAY)}]
      env: {PORT: "\${self.port}", BACKS: "\${link.back}"}
      agents: {label: {zone: a}}
      ready: {path: /ready, timeout: 60s}
    back:
      protocol: http
      instances: 4
      argv: [node, -e, "require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT, '127.0.0.1')"]
      env: {PORT: "\${self.port}"}
      agents: {label: {zone: b}}
      ready: {path: /, timeout: 60s}
      accepts: [abort, pause]
  links: [{from: front, to: back}]
load: {model: open, rate: 40/s, timeout: 5s, target: front, requests: [{name: get, path: "/x/\${key}"}]}
steadyState: {baseline: 1s, settle: 1s}
stopConditions: [none]
method:
  - name: gray
    fault: {type: abort, target: {from: front, to: {service: back, percentage: 30}}, value: {status: 503}, percentage: 50, duration: ${duration}}
  - name: paused
    fault: {type: pause, target: back/back-1, duration: 1s}
verify:
  - faultWasFelt: {step: gray}
  - {name: pauseWasFelt, faultWasFelt: {step: paused}}
`;

async function fleet() {
  const server = await startEtcd();
  const scratch = forThisTest(await Scratch.create());
  const etcd = ['--etcd', server.url];
  const agents = await Promise.all(
    ['a', 'b'].map(async (zone) => {
      const state = ['--state', `${scratch.path}/${zone}`];
      const agent = forThisTest(
        new Faultlab(['agent', ...etcd, '--name', `host-${zone}`, '--label', `zone=${zone}`, '--allow-exec', ...state]),
      );
      await agent.says(/is ready/);
      return agent;
    }),
  );
  const run = (file: string): Faultlab =>
    forThisTest(new Faultlab(['run', file, ...etcd, '--out', `${scratch.path}/runs`, '--report', 'json']));
  const events = async () => {
    const [newest = ''] = await listRuns(`${scratch.path}/runs`);
    return (await readJournal(new RunFolder(`${scratch.path}/runs`, newest).journal)).events;
  };
  return { scratch, agents, run, events };
}

describe.skipIf(!hasEtcd())('a fleet of processes', { timeout: 180_000 }, () => {
  it('carries a gray failure on a share of the instances and a pause of another, and is judged as any run', async () => {
    const { scratch, run, events } = await fleet();
    const { code, stdout, stderr } = await run(await scratch.write('x.yaml', experiment({ duration: '3s' }))).finished;
    expect([code, stderr], stdout).toEqual([0, '']);
    const all = await events();
    const exchanges = all.filter((event) => event.type === 'exchange' && event.from === 'front-1');
    expect(exchanges.length).toBeGreaterThan(100);
    expect(all.some((event) => event.type === 'observationsLost')).toBe(false);
    expect(all.filter((event) => event.type === 'faultEnded').map((event) => event.type === 'faultEnded' && event.reason)).toEqual([
      'duration',
      'duration',
    ]);
  });

  it('heals everywhere within the lease when the orchestrator is killed, and when it is stopped for longer, which then cannot go on', async () => {
    const { scratch, agents, run } = await fleet();
    const file = await scratch.write('x.yaml', experiment({ duration: '60s' }));
    const stopped = run(file);
    await stopped.says(/fault on: gray/);
    const healed = (): readonly number[] => agents.map(({ stdout }) => stdout.split('healed: ').length - 1);
    const withinLease = async (count: number): Promise<void> => {
      const fromMs = hostClock.nowMs();
      await eventually(
        () => `every agent healed ${count} times, not ${healed().join(', ')}`,
        () => healed().every((times) => times >= count),
        60_000,
      );
      expect(hostClock.nowMs() - fromMs).toBeLessThan(LEASE_MS + MARGIN_MS);
    };
    stopped.child.kill('SIGSTOP');
    onTestFinished(() => void stopped.child.kill('SIGCONT'));
    await withinLease(1);
    stopped.child.kill('SIGCONT');
    const end = await stopped.finished;
    expect([4, 69, 70], end.stdout + end.stderr).toContain(end.code);
    const killed = run(file);
    await killed.says(/fault on: gray/);
    killed.child.kill('SIGKILL');
    await withinLease(2);
  });

  it('goes on without an agent that is killed where the plan says so, ends in time, and lets no promise pass', async () => {
    const { scratch, agents, run } = await fleet();
    const going = run(await scratch.write('x.yaml', experiment({ duration: '15s', more: ', onAgentLoss: inconclusive' })));
    await going.says(/fault on: gray/);
    agents[1]?.child.kill('SIGKILL');
    const { code, stdout } = await going.finished;
    expect(code, stdout).toBe(2);
  });
});
