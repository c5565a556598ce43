/** A log of requests → an experiment that brings the same weather to whoever calls the same services. */
import { formatMs } from '../core/units.js';
import type { Imported } from './importer.js';
import { methodOf, spellsOf, WINDOW_MS } from './incident.js';
import type { RequestLog } from './logs/logged-request.js';
import { Names } from './names.js';

/** Where callers are to be pointed at: from here up. */
const FIRST_PORT = 15_001;

export function replayedIncident({ requests, unread }: RequestLog, { name }: { name: string }): Imported {
  const names = new Names();
  names.fresh('load');
  const app = names.fresh('app');
  const hosts = [...new Set(requests.map(({ host }) => host))];
  const service = new Map(hosts.map((host) => [host, names.fresh(host.replace(/:\d+$/, '') || 'callee')]));
  const spells = spellsOf(requests);
  const inputs = Object.fromEntries(hosts.map((host) => [inputOf(service, host), inputFor(host)]));
  const lengthMs = (requests.at(-1)?.atMs ?? 0) - (requests[0]?.atMs ?? 0);
  return {
    experiment: {
      metadata: {
        name,
        description: `The weather of ${requests.length} logged requests over ${formatMs(lengthMs)}, in windows of ${formatMs(WINDOW_MS)}.`,
      },
      inputs,
      topology: {
        services: {
          [app]: {},
          ...Object.fromEntries(
            hosts.map((host) => [
              service.get(host),
              { protocol: 'http', instances: [{ name: `${service.get(host)}-1`, address: `\${inputs.${inputOf(service, host)}}` }] },
            ]),
          ),
        },
        links: hosts.map((host, i) => ({ from: app, to: service.get(host), listen: `127.0.0.1:${FIRST_PORT + i}` })),
      },
      method: spells.length > 0 ? methodOf(spells, { from: app, service }) : [{ name: 'calm', wait: '30s' }],
    },
    notCarried: [
      ...(unread > 0 ? [`${unread} lines of the log could not be read`] : []),
      ...(requests.every(({ tookMs }) => tookMs === null) ? ['the log does not say how long requests took: only errors are replayed'] : []),
      ...(spells.length === 0 ? ['nothing in the log was worse than its calm: there is no incident to replay'] : []),
    ],
    toDo: [
      ...hosts.map(
        (host, i) =>
          `point callers of ${host || 'the service'} at 127.0.0.1:${FIRST_PORT + i}, or let the run start them by \`argv\` and \`\${link.${service.get(host)}}\``,
      ),
      'add `load`, `steadyState` and `verify`: run it before and after the repair, and compare with `faultlab history compare`',
    ],
  };
}

function inputOf(service: ReadonlyMap<string, string>, host: string): string {
  return `${service.get(host)}Address`;
}

/** What the log does not say has no default, so that a run asks for it. */
function inputFor(host: string): Record<string, unknown> {
  const isAddress = /^[^\s/:]+:\d{1,5}$/.test(host);
  return { type: 'string', description: 'host:port where it really is', ...(isAddress && { default: host }) };
}
