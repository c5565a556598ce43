/** What is demanded of a fence: it was tried, it let nothing stale through, and no two held one token. */
import { formatMs } from '../../core/units.js';
import type { FencingHistory, StaleWrite, TokenWrite } from '../inference/fencing.js';
import { wilson } from '../inference/statistics.js';
import { noneOf, type Rule } from './rule.js';

export interface FencingScene {
  at: string;
  history: FencingHistory;
  /** Tokens that writes of several callers were accepted under. */
  shared: readonly { token: bigint; writes: readonly TokenWrite[] }[];
  /** Accepted writes without a token that can be read. */
  bare: number;
  staleMin: number;
  overlap: 'none' | 'allowed';
}

export function fencingRules(scene: FencingScene): Rule[] {
  return [
    nothingStale(scene),
    wasTried(scene),
    ...(scene.bare > 0 ? [allTold(scene)] : []),
    ...(scene.overlap === 'none' ? [oneHolder(scene)] : []),
  ];
}

function nothingStale({ at, history: { stale, doubtful } }: FencingScene): Rule {
  const accepted = stale.filter((write) => write.outcome === 'accepted');
  const untold = stale.filter((write) => write.outcome === 'untold').length;
  const [first] = accepted;
  const [doubt] = doubtful;
  const says =
    first !== undefined
      ? `${at} accepted ${accepted.length} of ${stale.length} stale writes, first ${describe(first)}`
      : doubt !== undefined
        ? `${at} accepted ${doubtful.length} writes that overlapped one with a newer token, so nobody knows which was first: ${describe(doubt)}`
        : untold > 0
          ? `nobody saw what ${at} answered to ${untold} of ${stale.length} stale writes`
          : `${at} accepted none of ${stale.length} stale writes`;
  return {
    name: 'stale writes accepted',
    value: accepted.length,
    unit: 'count',
    samples: stale.length,
    limit: '<= 0',
    met: first !== undefined ? false : doubt !== undefined || untold > 0 ? null : true,
    says,
  };
}

function describe({ token, newer, exchange }: StaleWrite): string {
  const sinceMs = exchange.endMs - newer.exchange.endMs;
  const when = sinceMs > 0 ? `${formatMs(sinceMs)} after` : 'beside';
  return `token ${token} from ${exchange.from} ${when} token ${newer.token} from ${newer.exchange.from}`;
}

/** A fence that nothing ran into may as well not be there. */
function wasTried({ at, history, staleMin }: FencingScene): Rule {
  const refused = history.stale.filter((write) => write.outcome === 'refused').length;
  const isTried = refused >= staleMin;
  return {
    name: 'stale writes refused',
    value: refused,
    unit: 'count',
    interval: [wilson(refused, history.stale.length)[0] * history.stale.length, history.stale.length],
    samples: history.stale.length,
    limit: `>= ${staleMin}`,
    met: isTried ? true : null,
    says: isTried
      ? `it refused ${refused}`
      : `the fence of ${at} was not tried: ${refused} stale writes were refused, ${staleMin} are needed (hold a write while its lease goes to another)`,
  };
}

function allTold({ at, bare }: FencingScene): Rule {
  const says = `${at} accepted ${bare} writes without a token that is a whole number, so it is not known whether they were stale`;
  return { name: 'writes accepted without a token', value: bare, unit: 'count', limit: '<= 0', met: null, says };
}

function oneHolder({ at, shared }: FencingScene): Rule {
  return noneOf('tokens with two holders', shared, {
    none: 'each token had one holder',
    told: ({ token, writes }) =>
      `${at} accepted writes with token ${token} from ${writes.map(({ exchange }) => exchange.from).join(' and ')}`,
  });
}
