/** What a page is told of the daemon as a whole, made from what the daemon says of itself. Bounded: of very many proxies and faults the first are told. */
import type { Daemon } from '../../dataplane/daemon.js';
import type { PeopleDesk } from '../people-desk.js';
import type { LiveFault, LiveState } from './contract.js';
import type { RunFeed } from './run-feed.js';

const PROXIES_MAX = 500;
const FAULTS_MAX = 500;

export interface StatePorts {
  daemon: Daemon;
  people: PeopleDesk;
  feed: RunFeed;
}

export function liveState({ daemon, people, feed }: StatePorts): LiveState {
  const { halted, run } = daemon.status();
  const proxies = daemon.proxies();
  const told = proxies.slice(0, PROXIES_MAX).map(({ name, protocol, listen, upstream, enabled, protected: isProtected, tls }) => {
    return { name, protocol, listen, upstream, enabled, protected: isProtected, tls };
  });
  return { proxies: told, proxiesTotal: proxies.length, faults: liveFaults({ daemon, feed }), gates: people.gates, halted, claimedBy: run };
}

/** Its own, and those on the hosts of a fleet whose run tells. */
export function liveFaults({ daemon, feed }: Pick<StatePorts, 'daemon' | 'feed'>): readonly LiveFault[] {
  const own = daemon.faults().map(({ id, run, type, proxies, isOn, percentage, endsInMs, matched, applied, skipped, held, by }) => {
    const figures = { matched, applied, skipped, held };
    return { id, run, type, proxies, isOn, percentage, endsInMs, ...figures, ...(by !== undefined && { by }) };
  });
  return [...own, ...(feed.fleetOf(daemon.status().run)?.faults ?? [])].slice(0, FAULTS_MAX);
}
