/**
 * What dead runs left behind. Leases, or a watchdog, have ended their faults by the time anybody looks; this ends their processes, heals a data
 * plane of theirs that still lives, and says what it found, so that nobody wonders.
 */
import type { Clock } from '../core/clock.js';
import { reasonOf } from '../core/errors.js';
import { readRecord } from '../journal/reader.js';
import type { RunRecord } from '../journal/record.js';
import { type LiveRun, listLive, RunFolder } from '../journal/store.js';
import { planes } from './planes/catalog.js';
import type { HealPorts } from './planes/plane.js';
import { untilSeen } from './process-acts/process-act.js';
import { marked } from './services/marked.js';
import { isAlive, terminate } from './services/processes.js';
import { conditionIn, type Reach, signalAll } from './services/reach.js';

export interface Leftover {
  run: string;
  /** One sentence. */
  what: string;
}

/** What has become of something that a dead run left. */
interface Fate {
  what: string;
  /** It is still there: the next run looks again. */
  isLeft?: boolean;
}

/** Cleans up after every run in the folder whose orchestrator is dead. Runs that are alive are left alone. */
export async function cleanLeftovers(ports: HealPorts, folder: string): Promise<readonly Leftover[]> {
  const dead = (await listLive(folder)).filter((live) => !isAlive(live));
  const found: Leftover[] = [];
  for (const live of dead) {
    const tell = (what: string): unknown => found.push({ run: live.run, what });
    tell(await describeDeath(folder, live));
    // A run that says nothing of it had a daemon.
    const healed = await planes.get(live.driver ?? 'daemon')?.healAfter(live, ports);
    if (healed !== undefined) tell(healed);
    const fates = [...(await endProcesses(live, ports.clock)), ...(await letGoOn(live, ports.clock))];
    for (const { what } of fates) tell(what);
    if (fates.some(({ isLeft = false }) => isLeft)) continue;
    await new RunFolder(folder, live.run).buryLive().catch((error: unknown) => tell(`what it said of itself stays: ${reasonOf(error)}`));
  }
  return found;
}

/** Those that the run has named, and whoever carries its mark: they may have left the groups of those. */
async function endProcesses({ processes, mark }: LiveRun, clock: Clock): Promise<readonly Fate[]> {
  const named = processes.filter(isAlive);
  const others = mark === undefined ? [] : marked(mark).filter(({ pid }) => pid !== process.pid && !named.some((one) => one.pid === pid));
  const alive = [...named, ...others.map((one) => ({ ...one, name: 'a process of its services' }))];
  await terminate(clock, alive);
  return alive.map((one) => {
    const isLeft = isAlive(one);
    const who = `${one.name} (pid ${one.pid})`;
    return { what: isLeft ? `${who} is still running and could not be ended` : `${who} was still running: ended`, isLeft };
  });
}

/** Somebody else's, which are never ended. */
async function letGoOn({ stoppable = [] }: LiveRun, clock: Clock): Promise<readonly Fate[]> {
  const fates = stoppable.map(async ({ unit, ...process }): Promise<readonly Fate[]> => {
    const reach: Reach = unit === undefined ? { kind: 'process', ...process } : { kind: 'unit', unit };
    const look = (): ReturnType<typeof conditionIn> => conditionIn(reach, process);
    if (['running', 'gone'].includes(look())) return [];
    signalAll(reach, 'SIGCONT');
    const { name, pid } = process;
    const goesOn = untilSeen({ instance: name, process, reach }, { wanted: 'running', look, clock });
    return goesOn.then(
      () => [{ what: `${name} (pid ${pid}) was still stopped: it goes on` }],
      () => [{ what: `${name} (pid ${pid}) is still stopped; let it go on with \`${wayToGoOn(reach, pid)}\``, isLeft: true }],
    );
  });
  return (await Promise.all(fates)).flat();
}

function wayToGoOn(reach: Reach, pid: number): string {
  return reach.kind === 'unit' ? `systemctl kill --signal=SIGCONT ${reach.unit}` : `kill -CONT ${pid}`;
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
