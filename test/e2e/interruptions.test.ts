/**
 * What happens to a run that does not end by itself: Ctrl-C, SIGKILL, halt, a second run. In each case faults end, traffic flows, what was started is
 * gone, and somebody says so.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostClock, sleep } from '../../src/core/clock.js';
import { isAlive } from '../../src/orchestrator/services/processes.js';
import { eventually, Faultlab, faultlab, Scratch } from './faultlab.js';
import { faultsOf, journalOf, liveOf, newestRun, proxiesOf, startBack } from './small-run.js';

const TIMEOUT_MS = 90_000;

let back: Awaited<ReturnType<typeof startBack>>;
beforeAll(async () => {
  back = await startBack();
});
afterAll(() => back[Symbol.asyncDispose]());

/** `front` is a process of ours that does nothing; the test itself is the traffic on the link. */
const experiment = (given: { lease?: string; duration?: string; rollback?: string } = {}) => `
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: small}
environment: local
seed: 1
topology:
  services:
    front: {protocol: tcp, instances: 1, argv: [node, -e, "require('net').createServer().listen(process.env.PORT, '127.0.0.1')"], env: {PORT: "\${self.port}"}}
    back: {protocol: http, instances: [{name: back-1, address: "${back.address}"}]}
  links: [{from: front, to: back}]
steadyState: {baseline: 500ms, settle: 500ms}
stopConditions: []
rollback: {strategy: ${given.rollback ?? 'always'}}
method:
  - name: failing
    fault: {type: abort, target: {from: front, to: back}, value: {status: 503}, duration: ${given.duration ?? '60s'}, lease: ${given.lease ?? '3s'}}
`;

const linkOf = async (daemonUrl: string) => (await proxiesOf(daemonUrl))[0]?.listen ?? '';
const statusThrough = async (link: string) => (await fetch(`http://${link}/`, { headers: { connection: 'close' } })).status;
const eventsIn = async (out: string) => journalOf(await newestRun(out));
const liveIn = async (out: string) => liveOf(await newestRun(out));

describe.concurrent('Ctrl-C in the middle of a fault', () => {
  it.concurrent(
    'heals, says so, ends what was started, and reports what was seen with exit code 4',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('small.yaml', experiment());
      await using run = new Faultlab(['run', file, '--out', scratch.path, '--report', 'json']);
      await run.says(/fault on: failing/);
      const live = await liveIn(scratch.path);
      run.child.kill('SIGINT');
      const { code, stdout } = await run.finished;
      expect(code).toBe(4);
      expect(stdout).toContain('SIGINT');
      expect(stdout).toContain('healing confirmed');
      expect(live.processes.map((p) => p.name).sort()).toEqual(['daemon', 'front-1']);
      expect(live.processes.filter(isAlive)).toEqual([]);
      const types = (await eventsIn(scratch.path)).map((event) => event.type);
      expect(types.indexOf('faultIntended')).toBeLessThan(types.indexOf('faultApplied'));
      expect(types).toContain('healConfirmed');
      expect(types.at(-1)).toBe('runEnded');
      expect(stdout).toMatch(/report: \S+report\.json/);
    },
    TIMEOUT_MS,
  );
});

describe.concurrent('Ctrl-C in a run that never takes faults back', () => {
  it.concurrent(
    'renews nothing more, waits until the lease has ended the fault, and confirms that',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('small.yaml', experiment({ lease: '2s', rollback: 'never' }));
      await using run = new Faultlab(['run', file, '--out', scratch.path]);
      await run.says(/fault on: failing/);
      run.child.kill('SIGINT');
      const { code, stdout } = await run.finished;
      expect(code).toBe(4);
      expect(stdout).toContain('healing confirmed');
      const ends = (await eventsIn(scratch.path)).filter((event) => event.type === 'faultEnded');
      expect(ends).toMatchObject([{ step: 'failing', reason: 'expired' }]);
    },
    TIMEOUT_MS,
  );
});

describe.concurrent('SIGKILL of the orchestrator in the middle of a fault', () => {
  it.concurrent(
    'leaves a daemon of its own that heals itself within the lease, ends the services, and is cleaned up by the next run',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('small.yaml', experiment({ lease: '2s' }));
      await using run = new Faultlab(['run', file, '--out', scratch.path]);
      await run.says(/fault on: failing/);
      const live = await liveIn(scratch.path);
      const link = await linkOf(live.daemonUrl);
      expect(await statusThrough(link)).toBe(503);
      run.child.kill('SIGKILL');
      await run.finished;
      await eventually('the lease has ended the fault', async () => (await faultsOf(live.daemonUrl)).length === 0, 6_000);
      expect(await statusThrough(link)).toBe(200);
      const front = live.processes.filter((p) => p.name === 'front-1');
      await eventually('the service is gone', () => front.every((p) => !isAlive(p)));

      const next = await scratch.write('next.yaml', experiment({ duration: '1s' }));
      const { stdout, code } = await faultlab('run', next, '--out', scratch.path);
      expect(stdout).toContain(`${live.run}: it died during method, with failing on`);
      expect(stdout).toMatch(/its daemon at \S+ was still running, with 0 faults/);
      expect(live.processes.filter(isAlive)).toEqual([]);
      // Nothing crossed the link this time, so nothing can be said.
      expect(code).toBe(2);
      expect((await eventsIn(scratch.path)).filter((event) => event.type === 'leftover')).not.toEqual([]);
    },
    TIMEOUT_MS,
  );

  it.concurrent(
    'never stops the traffic through a daemon that serves on: some answers are faulted until the lease ends, none is missing',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('small.yaml', experiment({ lease: '2s' }));
      await using daemon = new Faultlab(['serve', '--port', '0', '--json']);
      const url = (await daemon.says(/"url":"([^"]+)"/))[1] ?? '';
      await using run = new Faultlab(['run', file, '--out', scratch.path, '--connect', url]);
      await run.says(/fault on: failing/);
      const link = await linkOf(url);
      const statuses: number[] = [];
      const killedMs = hostClock.nowMs();
      run.child.kill('SIGKILL');
      while (hostClock.nowMs() - killedMs < 5_000) {
        statuses.push(await statusThrough(link));
        await sleep(hostClock, 25);
      }
      const healedAt = statuses.indexOf(200);
      expect(statuses[0]).toBe(503);
      expect(healedAt).toBeGreaterThan(0);
      expect(new Set(statuses.slice(0, healedAt))).toEqual(new Set([503]));
      expect(new Set(statuses.slice(healedAt))).toEqual(new Set([200]));

      const next = await scratch.write('next.yaml', experiment({ duration: '1s' }));
      const { stdout, code } = await faultlab('run', next, '--out', scratch.path, '--connect', url);
      expect(stdout).toMatch(/its daemon at \S+ was still running, with 0 faults/);
      // It got links of the same names, and took them away again.
      expect(code).toBe(2);
      expect(await proxiesOf(url)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe.concurrent('halt', () => {
  it.concurrent(
    'from another terminal ends the run’s faults and the run, and keeps new ones out until lifted',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('small.yaml', experiment());
      await using run = new Faultlab(['run', file, '--out', scratch.path]);
      await run.says(/fault on: failing/);
      const { daemonUrl } = await liveIn(scratch.path);
      const link = await linkOf(daemonUrl);
      const halted = await faultlab('halt', '--connect', daemonUrl, '--reason', 'enough');
      expect([halted.code, halted.stdout]).toEqual([0, expect.stringContaining('1 fault ended')]);
      expect(await statusThrough(link).catch(() => 200)).toBe(200);
      const { code, stdout } = await run.finished;
      expect([code, stdout]).toEqual([4, expect.stringContaining('halt')]);
    },
    TIMEOUT_MS,
  );
});

describe.concurrent('a second run on the same daemon', () => {
  it.concurrent(
    'is refused while the first one goes on, and injects nothing',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('small.yaml', experiment());
      await using daemon = new Faultlab(['serve', '--port', '0', '--json']);
      const url = (await daemon.says(/"url":"([^"]+)"/))[1] ?? '';
      await using first = new Faultlab(['run', file, '--out', scratch.path, '--connect', url]);
      await first.says(/fault on: failing/);
      const second = await faultlab('run', file, '--out', scratch.path, '--connect', url);
      expect([second.code, second.stderr]).toEqual([69, expect.stringContaining('is using this daemon')]);
      expect(await faultsOf(url)).toHaveLength(1);
      first.child.kill('SIGINT');
      expect((await first.finished).code).toBe(4);
      expect(await faultsOf(url)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
