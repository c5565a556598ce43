/** What is demanded of who leads: one a term, none after a newer one, and where that is promised, not a new one all the time. */
import { formatMs } from '../../core/units.js';
import type { StaleWrite, TokenWrite } from '../inference/fencing.js';
import { noneOf, type Rule } from './rule.js';

interface LeadershipScene {
  at: string;
  /** Answers under an older term than one that was given before they were asked for. */
  stale: readonly StaleWrite[];
  /** Terms under which several answered. */
  shared: readonly { token: bigint; writes: readonly TokenWrite[] }[];
  /** Different ones that were seen. */
  terms: number;
  /** Accepted without a term. */
  bare: number;
  minTerms?: number | undefined;
  maxChanges?: number | undefined;
  /** Answers while the fault was on that `maxChanges` is about. */
  inStep?: readonly TokenWrite[] | undefined;
}

export function leadershipRules(scene: LeadershipScene): Rule[] {
  return [
    oneATerm(scene),
    noneReplaced(scene),
    wasTried(scene),
    ...(scene.bare > 0 ? [allTold(scene)] : []),
    ...(scene.maxChanges === undefined || scene.inStep === undefined ? [] : [staysSame(scene, scene.maxChanges, scene.inStep)]),
  ];
}

function oneATerm({ at, shared }: LeadershipScene): Rule {
  return noneOf('terms with two leaders', shared, {
    none: `${at} had one leader a term`,
    told: ({ token, writes }) => `${writes.map(({ exchange }) => exchange.to).join(' and ')} both led ${at} in term ${token}`,
  });
}

function noneReplaced({ at, stale }: LeadershipScene): Rule {
  return noneOf('answers of a leader that had been replaced', stale, {
    none: `nobody answered for ${at} after being replaced`,
    told: (first) => `${stale.length} answers of ${at} came from who had been replaced, first ${describe(first)}`,
  });
}

function describe({ token, newer, exchange }: StaleWrite): string {
  const sinceMs = exchange.endMs - newer.exchange.endMs;
  return `${exchange.to} in term ${token}, ${formatMs(Math.max(0, sinceMs))} after ${newer.exchange.to} in term ${newer.token}`;
}

/** Who was never replaced could not act after that. */
function wasTried({ at, terms, minTerms, maxChanges }: LeadershipScene): Rule {
  const needed = minTerms ?? (maxChanges === undefined ? 2 : 1);
  const isTried = terms >= needed;
  return {
    name: 'terms seen',
    value: terms,
    unit: 'count',
    limit: `>= ${needed}`,
    met: isTried ? true : null,
    says: isTried
      ? `${terms} ${terms === 1 ? 'term was' : 'terms were'} seen`
      : `nobody was replaced: ${at} answered in ${terms} ${terms === 1 ? 'term' : 'terms'}, ${needed} are needed`,
  };
}

function allTold({ at, bare }: LeadershipScene): Rule {
  const says = `${bare} answers of ${at} had no term that is a whole number, so it is not known whether their leader had been replaced`;
  return { name: 'answers without a term', value: bare, unit: 'count', limit: '<= 0', met: null, says };
}

function staysSame({ at }: LeadershipScene, maxChanges: number, inStep: readonly TokenWrite[]): Rule {
  const changes = Math.max(0, new Set(inStep.map(({ token }) => token)).size - 1);
  return {
    name: 'changes of term',
    value: changes,
    unit: 'count',
    samples: inStep.length,
    limit: `<= ${maxChanges}`,
    met: changes <= maxChanges,
    says: `the term of ${at} changed ${changes === 1 ? 'once' : `${changes} times`} while the fault was on`,
  };
}
