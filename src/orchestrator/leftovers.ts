/**
 * What dead runs left behind. Leases have ended their faults by the time anybody looks; this ends their processes, heals a daemon of theirs
 * that still lives, and says what it found, so that nobody wonders.
 */
import type { Clock } from '../core/clock.js';
import { readRecord } from '../journal/reader.js';
import type { RunRecord } from '../journal/record.js';
import { type LiveRun, listLive, RunFolder } from '../journal/store.js';
import { DaemonDriver } from './drivers/daemon.js';
import { isAlive, terminate } from './services/processes.js';

export interface Leftover {
  run: string;
  /** One sentence. */
  what: string;
}

/** Cleans up after every run in the folder whose orchestrator is dead. Runs that are alive are left alone. */
export async function cleanLeftovers(clock: Clock, folder: string): Promise<readonly Leftover[]> {
  const dead = (await listLive(folder)).filter((live) => !isAlive(live));
  const found: Leftover[] = [];
  for (const live of dead) {
    found.push({ run: live.run, what: await describeDeath(folder, live) });
    const faults = await healDaemon(live);
    if (faults !== undefined) {
      found.push({ run: live.run, what: `its daemon was still running at ${live.daemonUrl}, with ${faults} faults of the run on: healed` });
    }
    const alive = live.processes.filter(isAlive);
    await terminate(clock, alive);
    for (const process of alive) found.push({ run: live.run, what: `${process.name} (pid ${process.pid}) was still running: ended` });
    await new RunFolder(folder, live.run).buryLive();
  }
  return found;
}

/** Faults it found on the daemon; undefined if the daemon is gone, or is not the run's. */
async function healDaemon(live: LiveRun): Promise<number | undefined> {
  const daemon = live.processes.find((process) => process.name === 'daemon');
  if (daemon === undefined || !isAlive(daemon)) return undefined;
  const driver = DaemonDriver.speakFor({ url: live.daemonUrl, run: live.run });
  try {
    if ((await driver.status()).pid !== daemon.pid) return undefined;
    const faults = await driver.active();
    await driver.release();
    return faults.length;
  } catch {
    return undefined;
  }
}

async function describeDeath(folder: string, live: LiveRun): Promise<string> {
  const record = await readRecord(new RunFolder(folder, live.run).journal).catch(() => undefined);
  const on = record === undefined ? [] : unendedSteps(record);
  const phase = record?.phases.at(-1)?.phase;
  const during = phase === undefined ? '' : ` during ${phase}`;
  return `it died${during}, ${on.length === 0 ? 'with no fault on' : `with ${on.join(', ')} on, which its lease has ended since`}`;
}

/** Steps whose fault was intended and never said to have ended. The intent is on disk before the fault is; the news that it is on may have died with the run. */
function unendedSteps({ events }: RunRecord): string[] {
  const ended = new Set(events.flatMap((event) => (event.type === 'faultEnded' ? [event.fault] : [])));
  return events.flatMap((event) => (event.type === 'faultIntended' && !ended.has(event.fault) ? [event.step] : []));
}
