/** What proxies count by themselves, as figures of a second: bytes while they pass, and connections that are open. So links that carry TCP have rows, too. */
import type { Daemon } from '../../dataplane/daemon.js';
import type { LinkSecond } from '../../journal/link-second.js';
import { emptySecond } from '../../journal/second-tally.js';

interface Read {
  bytesUp: number;
  bytesDown: number;
  connectionsTotal: number;
}

export class ProxyMeter {
  readonly #daemon: Daemon;
  #before = new Map<string, Read>();

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Rows of requests, with bytes and connections of the proxies since the last time; and rows of those that had connections or bytes alone. */
  complete(rows: readonly LinkSecond[], second: number): readonly LinkSecond[] {
    const now = new Map<string, Read>();
    const counted = new Map<string, Pick<LinkSecond, 'bytesUp' | 'bytesDown' | 'connections'>>();
    for (const { name, bytesUp, bytesDown, connections, connectionsTotal } of this.#daemon.proxies()) {
      const read = { bytesUp, bytesDown, connectionsTotal };
      const before = this.#before.get(name);
      now.set(name, read);
      // A proxy that was made anew under its name counts from 0.
      const since = before !== undefined && before.connectionsTotal <= connectionsTotal ? before : { bytesUp: 0, bytesDown: 0 };
      counted.set(name, { bytesUp: bytesUp - since.bytesUp, bytesDown: bytesDown - since.bytesDown, connections });
    }
    this.#before = now;
    const completed = rows.map((row) => {
      const own = row.second === second ? counted.get(row.link) : undefined;
      if (own !== undefined) counted.delete(row.link);
      return { ...row, ...own };
    });
    const quiet = [...counted].filter(([, { bytesUp, bytesDown, connections }]) => bytesUp + bytesDown + (connections ?? 0) > 0);
    return [...completed, ...quiet.map(([link, figures]) => ({ ...emptySecond(link, second), ...figures }))];
  }
}
