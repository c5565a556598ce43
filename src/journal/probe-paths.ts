/** Which requests are health or readiness checks: those that a service does not send of itself, on the paths that the plan names for the callee. */
import type { RecordedPlan } from './events.js';
import { type Exchange, LOAD } from './observations.js';

/** What the load asks for is data, whatever its path. */
export function probeTest(services: RecordedPlan['services']): (exchange: Pick<Exchange, 'from' | 'to' | 'path'>) => boolean {
  const paths = new Map(services.flatMap(({ instances, probePaths }) => instances.map((name) => [name, new Set(probePaths)] as const)));
  return ({ from, to, path }) => {
    if (from === LOAD) return false;
    return paths.get(to)?.has(pathOf(path)) === true;
  };
}

/** Without the query. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}
