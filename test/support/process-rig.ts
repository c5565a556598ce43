/** Faults on one real process, `s-1`, kept by a keeper in this process, with everything that a run would be told. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, vi } from 'vitest';
import { type Clock, hostClock } from '../../src/core/clock.js';
import { LabError } from '../../src/core/errors.js';
import { type FaultSpecInput, faultSpecSchema } from '../../src/dataplane/faults/spec.js';
import type { FaultChange } from '../../src/journal/observations.js';
import type { LiveProcess } from '../../src/journal/store.js';
import { ProcessFaults } from '../../src/orchestrator/process-faults.js';
import { Keeper } from '../../src/orchestrator/services/keeper.js';
import { conditionOf, startTicksOf } from '../../src/orchestrator/services/processes.js';
import type { ReaperOrder } from '../../src/orchestrator/services/reaper-order.js';

/** Those of the test that runs. */
export const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process in a group of its own that does nothing, or counts for ever. */
async function start(script = 'setInterval(() => {}, 1e6)'): Promise<LiveProcess> {
  const child = spawn(process.execPath, ['-e', `console.log(1); ${script}`], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await once(child.stdout ?? child, 'data');
  return { name: 's-1', pid: child.pid ?? 0, startTicks: startTicksOf(child.pid ?? 0) };
}

/** `isOurs: false`: as if somebody else had started it. */
export async function processRig({ script, clock = hostClock, isOurs = true }: { script?: string; clock?: Clock; isOurs?: boolean } = {}) {
  let live = await start(script);
  const told: FaultChange[] = [];
  const replaced: string[] = [];
  const notes: string[] = [];
  const kept = new Keeper(hostClock);
  const keeper = {
    isAlive: true,
    isDeaf: false,
    tell: (told: ReaperOrder) => {
      if (keeper.isDeaf) return;
      if (told.order !== 'own' && told.order !== 'disown') kept.obey(told);
    },
  };
  const restart = async (): Promise<void> => {
    live = await start(script);
  };
  const faults = new ProcessFaults({
    clock,
    run: 'r',
    processOf: (instance) =>
      instance === 's-1' ? { process: live, reach: isOurs ? { kind: 'group', pid: live.pid } : { kind: 'process', ...live } } : undefined,
    reaper: () => keeper,
    kill: async () => {
      process.kill(live.pid, 'SIGKILL');
      await vi.waitFor(() => expect(conditionOf(live)).toBe('gone'), { timeout: 20_000 });
    },
    revive: restart,
    clockFile: () => undefined,
    note: (event) => notes.push(event.type === 'note' ? event.text : event.type),
    data: {
      check: async (_instance, by) => {
        if (by === 'copy') throw new LabError('SNAPSHOT_MISSING', { instance: 's-1' });
      },
      replace: async (instance, by) => void replaced.push(`${instance} ${by} ${conditionOf(live)}`),
    },
    tell: (change) => told.push(change),
  });
  const spec = (given: Partial<FaultSpecInput> & { type: string }) =>
    faultSpecSchema.parse({ id: 'r:step', proxies: ['s-1'], duration: '60s', ...given });
  return {
    faults,
    keeper,
    told,
    notes,
    restart,
    replaced,
    spec,
    condition: () => conditionOf(live),
    changes: () => told.map(({ change }) => change),
  };
}
