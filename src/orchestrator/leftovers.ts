/**
 * What dead runs left behind. Leases, or a watchdog, have ended their faults by the time anybody looks; this ends their processes, heals a data
 * plane of theirs that still lives, and says what it found, so that nobody wonders.
 */
import { readRecord } from '../journal/reader.js';
import type { RunRecord } from '../journal/record.js';
import { type LiveRun, listLive, RunFolder } from '../journal/store.js';
import { planes } from './planes/catalog.js';
import type { HealPorts } from './planes/plane.js';
import { isAlive, terminate } from './services/processes.js';
import { conditionIn, type Reach, signalAll } from './services/reach.js';

export interface Leftover {
  run: string;
  /** One sentence. */
  what: string;
}

/** Cleans up after every run in the folder whose orchestrator is dead. Runs that are alive are left alone. */
export async function cleanLeftovers(ports: HealPorts, folder: string): Promise<readonly Leftover[]> {
  const dead = (await listLive(folder)).filter((live) => !isAlive(live));
  const found: Leftover[] = [];
  for (const live of dead) {
    found.push({ run: live.run, what: await describeDeath(folder, live) });
    // A run that says nothing of it had a daemon.
    const healed = await planes.get(live.driver ?? 'daemon')?.healAfter(live, ports);
    if (healed !== undefined) found.push({ run: live.run, what: healed });
    const alive = live.processes.filter(isAlive);
    await terminate(ports.clock, alive);
    for (const process of alive) found.push({ run: live.run, what: `${process.name} (pid ${process.pid}) was still running: ended` });
    for (const { name, pid, startTicks, unit } of live.stoppable ?? []) {
      const reach: Reach = unit === undefined ? { kind: 'process', pid, startTicks } : { kind: 'unit', unit };
      if (!['stopped', 'partly stopped'].includes(conditionIn(reach, { pid, startTicks }))) continue;
      signalAll(reach, 'SIGCONT');
      found.push({ run: live.run, what: `${name} (pid ${pid}) was still stopped: it goes on` });
    }
    await new RunFolder(folder, live.run).buryLive();
  }
  return found;
}

async function describeDeath(folder: string, live: LiveRun): Promise<string> {
  const record = await readRecord(new RunFolder(folder, live.run).journal).catch(() => undefined);
  const on = record === undefined ? [] : unendedSteps(record);
  const phase = record?.phases.at(-1)?.phase;
  return `it died${phase === undefined ? '' : ` during ${phase}`}, with ${on.length === 0 ? 'no fault' : on.join(', ')} on`;
}

/** Steps whose fault was intended and never said to have ended. The intent is on disk before the fault is; the news that it is on may have died with the run. */
function unendedSteps({ events }: RunRecord): string[] {
  const ended = new Set(events.flatMap((event) => (event.type === 'faultEnded' ? [event.fault] : [])));
  return events.flatMap((event) => (event.type === 'faultIntended' && !ended.has(event.fault) ? [event.step] : []));
}
