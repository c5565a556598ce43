/** What is promised of a service whose dependency takes no more, each as a rule. */
import { formatMs } from '../../core/units.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import type { Window } from '../../journal/record.js';
import { growthOf, heldOver, isHandedBack } from '../inference/in-flight.js';
import { within } from '../inference/traffic.js';
import type { Rule } from './rule.js';
import { isRare } from './share.js';

export interface BackpressureLimits {
  heldMax?: number | undefined;
  within: number;
}

export interface BackpressureScene {
  limits: BackpressureLimits;
  /** To the service, while the fault was on. */
  requests: ExchangeList;
  window: Window;
}

/** Of what is offered, a part that may be held on: what grows by less is bounded, or takes too long to matter. */
const GROWTH_TOLERATED = 0.05;

/** From when on a service that holds back must have begun to. */
export function settled({ limits, window }: BackpressureScene): Window {
  return { fromMs: Math.min(window.toMs, window.fromMs + limits.within), toMs: window.toMs };
}

export function backpressureRules(scene: BackpressureScene): Rule[] {
  return [growthRule(scene), ...boundRules(scene), toldRule(scene)];
}

function growthRule(scene: BackpressureScene): Rule {
  const { requests, window } = scene;
  const offeredPerSecond = (1_000 * requests.length) / (window.toMs - window.fromMs);
  const most = GROWTH_TOLERATED * offeredPerSecond;
  const growth = growthOf(heldOver(requests, settled(scene)));
  const rule = { name: 'growth of what is held, per second', unit: 'requests', limit: `<= ${most.toFixed(1)}` } as const;
  if (growth === undefined) return { ...rule, value: null, met: null, says: 'the fault was on for too short a time to see growth' };
  const { perSecond, interval } = growth;
  const met = perSecond <= most ? true : interval[0] > most ? false : null;
  const says = `what it held grew by ${perSecond.toFixed(1)} requests a second, of ${offeredPerSecond.toFixed(1)} that came`;
  return { ...rule, value: perSecond, interval, samples: requests.length, met, says };
}

function boundRules({ limits: { heldMax }, requests, window }: BackpressureScene): Rule[] {
  if (heldMax === undefined) return [];
  const most = Math.max(0, ...heldOver(requests, window).map((held) => held.requests));
  const says = `it held up to ${most} requests at a time (promised: <= ${heldMax})`;
  return [
    { name: 'most held', value: most, unit: 'requests', samples: requests.length, limit: `<= ${heldMax}`, met: most <= heldMax, says },
  ];
}

/** Whoever comes once it must hold back has an answer in time, be it no. */
function toldRule(scene: BackpressureScene): Rule {
  const { limits } = scene;
  const later = within(scene.requests, settled(scene));
  // What came shortly before the end was answered after it, and by the healed dependency.
  const judged = later.filter(({ startMs }) => startMs + limits.within <= scene.window.toMs);
  const untold = judged.filter((request) => !isHandedBack(request) || request.endMs - request.startMs > limits.within);
  const met = judged.length === 0 ? null : isRare(untold.length, judged.length);
  const says = `${untold.length} of ${judged.length} callers were not told within ${formatMs(limits.within)}`;
  return { name: 'callers left waiting', value: untold.length, unit: 'requests', samples: judged.length, limit: '<= 0', met, says };
}
