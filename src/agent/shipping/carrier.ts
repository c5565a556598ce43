/**
 * How batches get from an agent to the run. `http:` and `https:` go to the orchestrator itself; `file:` is a folder that both can reach, and `object+https:` a store
 * that takes PUT and gives what it took to GET: these two need nobody at the other end while the run goes on.
 */
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import type { ObservationRoute } from '../../orchestrator/fleet/observation-route.js';
import { directCarrier } from './direct-carrier.js';
import { folderCarrier } from './folder-carrier.js';
import { objectCarrier } from './object-carrier.js';
import type { Segment } from './segments.js';

/** Resolves once it has been taken for good. Rejects with REQUEST_INVALID if it never will be, and with anything else if it is to be tried again. */
export type Carry = (segment: Segment, signal: AbortSignal) => Promise<void>;

export interface Destination {
  url: string;
  /** Sent as `Authorization: Bearer`; of no use for folders. */
  token?: string | undefined;
}

/** Of which kind it is, as plans have them. */
export function wayTo(url: string): ObservationRoute['kind'] {
  if (url.startsWith('file:')) return 'folder';
  return url.startsWith('object+') ? 'store' : 'direct';
}

/** Throws USAGE. */
export function carrierTo({ url, token }: Destination, clock: Clock): Carry {
  const { protocol } = URL.canParse(url) ? new URL(url) : { protocol: 'none' };
  switch (protocol) {
    case 'http:':
    case 'https:':
      return directCarrier({ url, token, clock });
    case 'file:':
      return folderCarrier(fileURLToPath(url));
    case 'object+http:':
    case 'object+https:':
      return objectCarrier({ url: url.replace('object+', ''), token });
    default:
      throw new LabError('USAGE', {
        problem: `expected where observations go as http(s)://, object+http(s):// or file://, found "${url}"`,
      });
  }
}
