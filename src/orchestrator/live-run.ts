/** What a run says of itself while it lives, so that whoever comes after its death finds what it left: processes, links, and somebody else's that it may stop. */
import type { Plan } from '../experiment/plan.js';
import type { LiveRun } from '../journal/store.js';
import type { OpenedPlane } from './planes/plane.js';
import { startTicksOf } from './services/processes.js';
import type { Services } from './services/services.js';

interface Rigged {
  run: string;
  wallMs: number;
  plan: Plan;
  plane: OpenedPlane;
  group: Services | undefined;
  links: Iterable<string>;
}

export function liveRunOf({ run, wallMs, plan, plane, group, links }: Rigged): LiveRun {
  const foreign = plan.steps.flatMap(({ fault }) => fault?.foreign ?? []);
  return {
    run,
    pid: process.pid,
    startTicks: startTicksOf(process.pid),
    startedWallMs: wallMs,
    driver: plan.proxies.driver,
    daemonUrl: plane.driver.url,
    links: [...links],
    processes: [...(plane.processes ?? []), ...(group?.live ?? [])],
    ...(group?.reaper !== undefined && { mark: group.reaper.mark }),
    ...(foreign.length > 0 && { stoppable: foreign.flatMap((instance) => group?.stoppable(instance) ?? []) }),
  };
}
