/** What runs do with real services is shown in test/e2e; here is how one ends that never came to its method, beside a daemon of this process. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { HandDesk, handFaultSchema } from '../../src/control/hand-desk.js';
import { hostClock } from '../../src/core/clock.js';
import { shippedCatalogs } from '../../src/experiment/catalogs.js';
import type { JournalEvent } from '../../src/journal/events.js';
import { RunFolder } from '../../src/journal/store.js';
import { JournalWriter } from '../../src/journal/writer.js';
import { run } from '../../src/orchestrator/run.js';
import { startDaemon } from '../support/cli.js';
import { planText } from '../support/experiment.js';

/** Nobody answers there, so that it stays in its setup. */
const SETTING_UP = `
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: setting-up}
environment: local
seed: 1
topology:
  services:
    front: {protocol: http, instances: [{name: front-1, address: "127.0.0.1:9"}]}
    back: {protocol: http, instances: [{name: back-1, address: "127.0.0.1:9"}]}
  links: [{from: front, to: back}]
stopConditions: []
method:
  - name: failing
    fault: {type: abort, target: {from: front, to: back}, value: {status: 503}, duration: 1s}
`;

const LATENCY = { id: 'by-ann', type: 'latency', value: { latency: '50ms' }, lease: '1m' };
const isOn = (event: JournalEvent): boolean => event.type === 'handFault' && event.change === 'applied';

/** In its setup somebody puts a fault on its link; the operator stops it then, after what is to come before that. */
async function stoppedInSetup(
  before: (daemon: Awaited<ReturnType<typeof startDaemon>>) => Promise<void> = async () => {},
  folderGiven: Partial<RunFolder> = {},
) {
  const out = await mkdtemp(join(tmpdir(), 'run-'));
  onTestFinished(() => rm(out, { recursive: true }));
  const daemon = await startDaemon();
  onTestFinished(() => daemon[Symbol.asyncDispose]());
  const folder = Object.assign(new RunFolder(out, 'r'), folderGiven);
  await folder.create();
  await using journal = await JournalWriter.create(folder.journal, hostClock);
  const operator = new AbortController();
  const events: JournalEvent[] = [];
  journal.onEvent((event) => {
    events.push(event);
    if (isOn(event)) void before(daemon).then(() => operator.abort('SIGINT'));
  });
  const desk = new HandDesk(daemon.daemon);
  const running = run({
    clock: hostClock,
    plan: planText(SETTING_UP, {}, shippedCatalogs),
    folder,
    journal,
    version: '0',
    machine: {} as never,
    leftovers: [],
    daemonArgv: [],
    connect: { url: daemon.url },
    labFolder: '',
    operator: operator.signal,
  });
  const link = await vi.waitFor(() => daemon.daemon.proxies()[0]?.name ?? expect.fail('no link yet'), { timeout: 10_000 });
  desk.put(handFaultSchema.parse({ by: 'ann', faults: [{ ...LATENCY, proxies: [link] }] }));
  const end = await running;
  const told = events.flatMap((event) =>
    event.type === 'phaseStarted' ? event.phase : /^heal|^errorRaised/.test(event.type) ? event.type : [],
  );
  return { end, events, told, faults: daemon.daemon.faults() };
}

describe('a run that is stopped in its setup, with a fault of somebody’s on', () => {
  it('heals it, and confirms that', async () => {
    const { end, told, faults } = await stoppedInSetup();
    expect(end).toEqual({ status: 'interrupted', cleanup: 'confirmed' });
    expect(faults).toEqual([]);
    expect(told).toEqual(['setup', 'heal', 'healConfirmed', 'teardown']);
  });

  it('is dirty when that cannot be confirmed', async () => {
    const { end, told, events } = await stoppedInSetup(async (daemon) => daemon[Symbol.asyncDispose]());
    expect(end).toMatchObject({ cleanup: 'dirty' });
    expect(told).toContain('healFailed');
    expect(events.at(-1)).toMatchObject({ type: 'runEnded', cleanup: 'dirty' });
  }, 30_000);

  it('is an error when what it has brought up cannot be taken down', async () => {
    const removeLive = () => Promise.reject(new Error('still there'));
    const { end, told, events } = await stoppedInSetup(undefined, { removeLive });
    expect(end).toMatchObject({ status: 'error', cleanup: 'confirmed', error: { message: 'still there' } });
    expect(told.slice(-2)).toEqual(['teardown', 'errorRaised']);
    expect(events.at(-1)).toMatchObject({ type: 'runEnded', status: 'error', reason: 'SIGINT from the operator' });
  });
});
