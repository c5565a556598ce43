/**
 * A fleet as its users have it: twenty agents in network namespaces of their own, etcd on three hosts, and every part of it lost once. What callers saw is the
 * truth that runs are held against; all clocks are those of one machine.
 */
import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/journal/events.js';
import { etcdProgram } from '../support/fleet/etcd.mjs';
import { whyNoWorld } from '../support/fleet/world.mjs';
import { forThisTest } from '../support/for-this-test.js';
import { until } from '../support/tcp.js';
import { cutOffFor } from './offline.mjs';
import { FleetRig, MAIN } from './rig.mjs';

type Run = ReturnType<FleetRig['run']>;
type Caller = ReturnType<FleetRig['call']>;

interface Reported {
  type: 'report';
  exit: { code: number; reason: string };
  findings: readonly { name: string; verdict: string; summary: string }[];
}

const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

function eventsOf(run: Run): readonly (JournalEvent | Reported)[] {
  return run.lines.map((line) => JSON.parse(line) as JournalEvent | Reported);
}

function reportOf(run: Run): Reported {
  const report = eventsOf(run).find((event) => event.type === 'report');
  if (report === undefined) throw new Error(`there is no report: ${run.stderr()}`);
  return report;
}

function notesOf(run: Run): string {
  return eventsOf(run)
    .flatMap((event) => (event.type === 'note' ? [event.text] : []))
    .join('\n');
}

/** When the fault of a step was on. */
function windowOf(run: Run, step: string): { fromMs: number; toMs: number } {
  const when = (type: 'faultApplied' | 'faultEnded') =>
    eventsOf(run).flatMap((event) => (event.type === type && event.step === step ? [event.atMs] : []))[0] ?? Number.NaN;
  return { fromMs: when('faultApplied'), toMs: when('faultEnded') };
}

/** What callers were answered: `faulted` are those of the fault, by when they came and which link it was. */
function answersOf(caller: Caller): readonly { atMs: number; link: string; status: number }[] {
  return caller.lines.map((line) => {
    const [atMs, link = '', status] = line.split(' ');
    return { atMs: Number(atMs), link, status: Number(status) };
  });
}

const faultedSince = (caller: Caller, sinceMs: number) => answersOf(caller).filter(({ atMs, status }) => status === 503 && atMs > sinceMs);

/** An experiment on the rig’s web servers. */
function plan(rig: FleetRig, policy: Record<string, string>, method: readonly object[], verify: readonly object[] = []) {
  const words = { apiVersion: 'faultlab/v1', kind: 'Experiment', metadata: { name: 'fleet' }, seed: 7, report: { formats: [] } };
  const steadyState = { baseline: '2s', settle: '2s' };
  return { ...words, steadyState, topology: rig.topology(policy), method, verify };
}

/** Longer than the leases here by what a busy machine may need to notice. */
const LEASE_OVER_MS = 8_000;

const everyWeb = { from: 'client', to: 'web' };
const abort = (name: string, more: object) => ({
  name,
  fault: { type: 'abort', target: everyWeb, value: { status: 503 }, duration: '60s', ...more },
});

describe.skipIf(whyNoWorld() !== undefined || etcdProgram === undefined)('a fleet in a world of its own', { timeout: 300_000 }, () => {
  it('of twenty hosts: a gray failure of 30 % and a lost zone are judged as they were, although a leader of etcd and an agent are killed', async () => {
    const rig = forThisTest(await FleetRig.start(20));
    const caller = rig.call(40);
    const gray = {
      type: 'abort',
      target: { from: 'client', to: { service: 'web', percentage: 30 } },
      value: { status: 503 },
      percentage: 60,
    };
    const zone = { type: 'partition', target: { from: 'client', to: { service: 'web', labels: { zone: 'b' } } }, behavior: 'reset' };
    const method = [
      { name: 'gray', fault: { ...gray, duration: '8s' } },
      { name: 'zone-b', startAfter: 'gray', fault: { ...zone, duration: '8s' } },
    ];
    const few = { name: 'few-fail-while-gray', errorRatio: { ...everyWeb, during: 'gray', max: 35, minDemand: 50 } };
    const none = { name: 'none-fail-while-gray', errorRatio: { ...everyWeb, during: 'gray', max: 2, minDemand: 50 } };
    const run = rig.run(plan(rig, { onAgentLoss: 'continue', lease: '8s', observationsWithin: '15s' }, method, [few, none]));
    await run.line((line) => line.includes('"faultApplied"') && line.includes('/gray"'), 120_000);
    await rig.etcd.kill(await rig.etcd.leader());
    await run.line((line) => line.includes('"faultApplied"') && line.includes('/zone-b"'), 60_000);
    rig.agents.get('host-20')?.signal('SIGKILL');
    const { code } = await run.exited;
    const { findings, exit } = reportOf(run);
    const verdicts = Object.fromEntries(findings.map(({ name, verdict }) => [name, verdict]));
    expect(verdicts, notesOf(run)).toMatchObject({ 'none-fail-while-gray': 'fail', 'gray-was-felt': 'pass', 'zone-b-was-felt': 'pass' });
    expect({ code, said: exit.code }).toEqual({ code: 1, said: 1 });
    expect(notesOf(run)).toContain('agent host-20 cannot be followed any more');
    expect(notesOf(run)).toMatch(/gray began on 6 hosts within \d/);
    const grayLinks = new Set(faultedSince(caller, 0).map(({ link }) => link));
    expect(grayLinks.size, 'of twenty').toBe(6);
    const inB = new Set(rig.links.slice(10));
    const { fromMs, toMs } = windowOf(run, 'zone-b');
    const cut = answersOf(caller).filter(({ atMs, status }) => status === 0 && atMs > fromMs && atMs < toMs);
    const cutInB = cut.filter(({ link }) => inB.has(link)).length;
    expect(cutInB, 'the zone is gone').toBeGreaterThan(20);
    // A machine that stands still for a second answers nobody in time.
    expect(cut.length - cutInB, 'and no other').toBeLessThan(cutInB / 4);
    const endedMs = nowMs();
    await until('callers go on', () => answersOf(caller).filter(({ atMs }) => atMs > endedMs).length > 30, 30_000);
    expect(faultedSince(caller, endedMs), 'nothing is on any more').toEqual([]);
  });

  it('ends its faults by itself when the orchestrator is killed, and does nothing twice when it slept past its lease', async () => {
    const rig = forThisTest(await FleetRig.start(3));
    const caller = rig.call(40);
    const everywhere = plan(rig, { lease: '3s' }, [abort('all', {})]);
    const killed = rig.run(everywhere);
    await until('the fault is felt', () => faultedSince(caller, 0).length > 5, 60_000);
    killed.signal('SIGKILL');
    const killedMs = nowMs();
    await until('the lease is over', () => nowMs() > killedMs + LEASE_OVER_MS, LEASE_OVER_MS * 4);
    const faulted = faultedSince(caller, killedMs);
    expect(faulted.length, 'it outlives its orchestrator by the lease').toBeGreaterThan(0);
    expect((faulted.at(-1)?.atMs ?? 0) - killedMs).toBeLessThan(LEASE_OVER_MS);

    const againMs = nowMs();
    const asleep = rig.run(everywhere);
    await until('the fault is felt again', () => faultedSince(caller, againMs).length > 5, 60_000);
    asleep.signal('SIGSTOP');
    const asleepMs = nowMs();
    await until('the lease is over', () => nowMs() > asleepMs + LEASE_OVER_MS, LEASE_OVER_MS * 4);
    expect(faultedSince(caller, asleepMs + LEASE_OVER_MS)).toEqual([]);
    asleep.signal('SIGCONT');
    const { code } = await asleep.exited;
    expect([4, 5, 69, 70]).toContain(code);
    expect(faultedSince(caller, asleepMs + LEASE_OVER_MS), 'who slept injects nothing').toEqual([]);
  });

  it('ends the faults of a host that is cut off, or that slept, and names it', async () => {
    const rig = forThisTest(await FleetRig.start(3));
    const host = rig.world.host('host-1');
    // Beside the link: who is at the hub learns nothing of a host that is cut off.
    const beside = rig.callFrom(host, 20, rig.links.slice(0, 1));
    const caller = rig.call(40);
    const run = rig.run(
      plan(rig, { lease: '4s', onAgentLoss: 'inconclusive', observationsWithin: '15s' }, [abort('all', { duration: '14s' })]),
    );
    await until('the fault is felt everywhere', () => new Set(faultedSince(caller, 0).map(({ link }) => link)).size === 3, 60_000);
    await rig.world.cutOff('host-1');
    rig.agents.get('host-2')?.signal('SIGSTOP');
    const lostMs = nowMs();
    await until('the lease is over', () => nowMs() > lostMs + LEASE_OVER_MS, LEASE_OVER_MS * 4);
    expect(faultedSince(beside, lostMs).length).toBeGreaterThan(0);
    expect(faultedSince(beside, lostMs + LEASE_OVER_MS), 'healed by its own deadline').toEqual([]);
    rig.agents.get('host-2')?.signal('SIGCONT');
    const awakeMs = nowMs();
    await rig.world.rejoin('host-1');
    const { code } = await run.exited;
    const { findings } = reportOf(run);
    expect(code, notesOf(run)).not.toBe(0);
    expect(findings.map(({ verdict }) => verdict)).not.toContain('pass');
    expect(notesOf(run)).toMatch(/host-[12].* cannot be followed any more/);
    // What it had accepted before it slept may be answered as it was decided then.
    const late = faultedSince(caller, awakeMs + 1_000).filter(({ link }) => link !== rig.links[2]);
    expect(late, 'neither begins again').toEqual([]);
  });

  it('loses nothing of a host that the orchestrator cannot reach for a while, and counts what a host had no room for', async () => {
    const rig = forThisTest(await FleetRig.start(2));
    const kept = await cutOffFor(rig, 8);
    expect(kept.meanwhile).toBeGreaterThan(100);
    expect(Math.abs(kept.known - kept.answered), 'those at the edges').toBeLessThan(5);
    expect({ code: kept.code, lost: kept.lost, verdicts: new Set(kept.verdicts) }).toEqual({
      code: 0,
      lost: 0,
      verdicts: new Set(['pass']),
    });
    const full = await cutOffFor(rig, 8, ['--keep', '4KiB']);
    expect(full.lost).toBeGreaterThan(100);
    expect(full.code).toBe(2);
    expect(full.verdicts).not.toContain('pass');
  });

  it('lets nobody in who has no password', async () => {
    const rig = forThisTest(await FleetRig.start(1));
    await rig.etcd.wantPasswords({ root: 'secret' });
    const nobody = rig.faultlab(['fleet', 'list', ...rig.etcdWords]);
    expect((await nobody.exited).code).toBe(69);
    expect(nobody.stderr()).toContain('refuses');
    const stranger = rig.world.hub.start([process.execPath, MAIN, 'agent', ...rig.etcdWords, '--name', 'stranger']);
    expect((await stranger.exited).code).toBe(69);
    const run = rig.run(plan(rig, {}, [abort('all', {})]));
    expect((await run.exited).code).toBe(69);
    expect(eventsOf(run).some(({ type }) => type === 'faultApplied')).toBe(false);
  });
});
