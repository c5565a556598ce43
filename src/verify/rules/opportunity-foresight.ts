/**
 * What a plan must hold for some promises to be judged at all: a fault that lasts, windows with something in them, enough to compare, health checks that can
 * be wrong. What a reader gets wrong: without this a run ends as inconclusive after minutes, and says the same then.
 */
import { formatMs } from '../../core/units.js';
import { LOAD } from '../../journal/observations.js';
import type { Foresight, Outlook } from '../foresight.js';
import { isNoWorse, shareDifference } from '../inference/equivalence.js';
import { instancesOf } from '../inference/traffic.js';
import { formatShare } from './share.js';

type Steps = string | readonly string[] | undefined;

function stepsOf(during: Steps): readonly string[] {
  return during === undefined ? [] : [during].flat();
}

/** `sees`: what is to be seen while the fault is on, for which it must be on for so long. */
export function foreseeTooShort(
  { during, neededMs, sees }: { during: Steps; neededMs: number; sees: string },
  outlook: Outlook,
): readonly Foresight[] {
  return stepsOf(during).flatMap((step): readonly Foresight[] => {
    const durationMs = outlook.during(step)?.durationMs ?? Number.POSITIVE_INFINITY;
    if (durationMs >= neededMs) return [];
    return [
      { kind: 'cannotJudge', says: `"${step}" is on for ${formatMs(durationMs)}, and it takes ${formatMs(neededMs)} to see ${sees}` },
    ];
  });
}

interface Scope {
  from: string;
  route?: string | undefined;
  during: Steps;
}

/** Each window must hold so many requests. Only the load's own are known beforehand. */
export function foreseeThinWindows(
  { windowMs, minDemand, ...scope }: Scope & { windowMs: number; minDemand: number },
  outlook: Outlook,
): readonly Foresight[] {
  return stepsOf(scope.during).flatMap((step): readonly Foresight[] => {
    const perSecond = sentPerSecond(scope, step, outlook);
    const each = (perSecond * windowMs) / 1_000;
    if (!(each < minDemand)) return [];
    const says = `a window of ${formatMs(windowMs)} holds about ${Math.floor(each)} requests after or while "${step}" is on, and ${minDemand} are needed`;
    return [{ kind: 'cannotJudge', says }];
  });
}

/** Even if not one of them fails, so few requests do not show that no more fail than a margin (0…1) allows. */
export function foreseeMargin({ margin, ...scope }: Scope & { margin: number }, outlook: Outlook): readonly Foresight[] {
  return stepsOf(scope.during).flatMap((step): readonly Foresight[] => {
    const durationMs = outlook.during(step)?.durationMs ?? Number.NaN;
    const samples = Math.floor((sentPerSecond(scope, step, outlook) * durationMs) / 1_000);
    if (!(samples >= 1)) return [];
    const all = { hits: samples, samples };
    const interval = shareDifference(all, all);
    if (isNoWorse(interval, margin) === true) return [];
    const says = `about ${samples} requests fall due while "${step}" is on: if not one of them fails, ${formatShare(-interval[0])} fewer remain possible, and ${formatShare(margin)} are allowed`;
    return [{ kind: 'cannotJudge', says }];
  });
}

/** NaN where it cannot be known. */
function sentPerSecond({ from, route }: Scope, step: string, outlook: Outlook): number {
  const { load } = outlook.plan;
  const all = outlook.during(step)?.requestsPerSecond;
  if (from !== LOAD || all === undefined || load === undefined) return Number.NaN;
  if (route === undefined) return all;
  const total = load.routes.reduce((sum, { weight }) => sum + weight, 0);
  return (all * (load.routes.find(({ name }) => name === route)?.weight ?? Number.NaN)) / total;
}

/** What is to come under pressure must be kept waiting, and not be told at once. */
export function foreseeNoWait(
  { during, atLeastMs, hence }: { during: Steps; atLeastMs: number; hence: string },
  outlook: Outlook,
): readonly Foresight[] {
  return stepsOf(during).flatMap((step): readonly Foresight[] => {
    const harm = outlook.during(step)?.harm;
    if (harm === undefined || (harm.kind === 'waits' && harm.forMs > atLeastMs)) return [];
    const does = harm.kind === 'fails' ? 'fails at once what it hits' : `makes nobody wait longer than ${formatMs(harm.forMs)}`;
    return [{ kind: 'cannotJudge', says: `"${step}" ${does}, ${hence}` }];
  });
}

/** Who is never asked how it is cannot be called well by mistake. */
export function foreseeUnasked({ to }: { to: string }, { plan }: Outlook): readonly Foresight[] {
  const called = instancesOf({ plan }, to);
  const owner = plan.services.find(({ instances }) => instances.some((instance) => called.includes(instance)));
  if (owner === undefined || owner.probePaths.length > 0) return [];
  return [
    {
      kind: 'cannotJudge',
      says: `${owner.name} has no health or readiness check that crosses a link, so nothing can disagree with what its callers see`,
    },
  ];
}
