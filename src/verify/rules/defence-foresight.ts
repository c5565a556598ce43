/**
 * What the declared settings of a breaker or an outlier detection make of a fault, before it is tried. What a reader gets wrong: "cannot pass" is
 * said of the declaration, not of the system; a system that does it nevertheless has other settings than those declared.
 */
import { formatMs } from '../../core/units.js';
import type { Foresight, Outlook } from '../foresight.js';
import { forecastOpening } from '../oracles/breaker-oracle.js';
import { forecastEjection, mayBeOut } from '../oracles/ejection-oracle.js';
import type { Forecast } from '../oracles/forecast.js';
import { rangeOfPause } from '../presets/pause.js';
import { type Declaring, declarationOf } from './declared-promises.js';
import { endsBefore, leftBefore } from './limits-ahead.js';
import { streamAhead, throughAll } from './stream-ahead.js';

interface BreakerParams extends Declaring {
  during: string;
  opensWithin?: number | undefined;
  closesAfterHealWithin?: number | undefined;
}

export function foreseeOpening(params: BreakerParams, outlook: Outlook): readonly Foresight[] {
  const declaration = declarationOf(params, outlook);
  const prospect = outlook.during(params.during);
  const backMs = params.closesAfterHealWithin;
  const known = [...endsBefore(prospect, params.opensWithin), ...leftBefore(prospect, backMs, 'onItsLinks')];
  if (declaration.kind === 'unknown' || declaration.models.breaker === undefined) return known;
  const stream = streamAhead(outlook, { ...declaration, during: params.during });
  if (stream === undefined) return known;
  const { breaker } = declaration.models;
  const forecast = forecastOpening(breaker, throughAll(stream));
  const promise = { opens: 'it opens', never: 'it does not open', limitMs: params.opensWithin };
  const shortestMs = breaker.open === undefined ? 0 : rangeOfPause(breaker.open, 1)[0];
  const outlasting = sayStaying(shortestMs, { what: 'stays open', durationMs: stream.durationMs, backMs });
  return [...known, ...sayForecast(forecast, promise, stream.isAtMost), ...(forecast.kind === 'expected' ? outlasting : [])];
}

interface EjectionParams extends Declaring {
  during: string;
  expect?: readonly string[] | undefined;
  detectWithin?: number | undefined;
  returnsWithin?: number | undefined;
}

export function foreseeEjection(params: EjectionParams, outlook: Outlook): readonly Foresight[] {
  const declaration = declarationOf(params, outlook);
  const prospect = outlook.during(params.during);
  const backMs = params.returnsWithin;
  const known = [...endsBefore(prospect, params.detectWithin), ...leftBefore(prospect, backMs, 'onItsLinks')];
  if (declaration.kind === 'unknown' || declaration.models.ejection === undefined) return known;
  const stream = streamAhead(outlook, { ...declaration, during: params.during });
  if (stream === undefined) return known;
  const { ejection } = declaration.models;
  const all = stream.instances.length;
  const scene = { ...stream, instances: all, bad: stream.bad.length, perSecond: stream.perSecond / all };
  const forecast = forecastEjection(ejection, scene);
  const promise = { opens: 'the first is ejected', never: 'nobody is ejected', limitMs: params.detectWithin };
  const { penalty } = ejection;
  const shortestMs = penalty.kind === 'pauses' ? rangeOfPause(penalty.law, 1)[0] : 0;
  const outlasting = sayStaying(shortestMs, { what: 'is out', durationMs: stream.durationMs, backMs });
  const said = [...known, ...sayForecast(forecast, promise, stream.isAtMost), ...(forecast.kind === 'expected' ? outlasting : [])];
  const [meant, allowed] = [(params.expect ?? stream.bad).length, mayBeOut(ejection, all)];
  if (forecast.kind === 'never' || meant <= allowed) return said;
  return [...said, { kind: 'cannotPass', says: `at most ${allowed} of ${all} instances may be out, and ${meant} are to be ejected` }];
}

/** Even if it began with the fault, its first pause outlasts fault and limit. */
function sayStaying(
  shortestMs: number,
  { what, durationMs, backMs }: { what: string; durationMs: number; backMs: number | undefined },
): readonly Foresight[] {
  if (backMs === undefined || shortestMs <= durationMs + backMs) return [];
  const says = `as declared it ${what} for ${formatMs(shortestMs)} at least, longer than the ${formatMs(durationMs)} of the fault and the ${formatMs(backMs)} that are allowed after it`;
  return [{ kind: 'cannotPass', says }];
}

function sayForecast(
  forecast: Forecast,
  { opens, never, limitMs }: { opens: string; never: string; limitMs: number | undefined },
  isAtMost: boolean,
): readonly Foresight[] {
  const { kind, because } = forecast;
  // Without a limit of its own the check holds nobody to what is not to be expected.
  if (kind === 'never') return [{ kind: limitMs === undefined ? 'cannotJudge' : 'cannotPass', says: `as declared ${never}: ${because}` }];
  if (kind === 'unlikely') {
    const soonest = Number.isFinite(forecast.afterMs) ? `, but after about ${formatMs(forecast.afterMs)}` : '';
    const says = `as declared ${never} before the fault ends${soonest}: ${because}`;
    return [{ kind: limitMs === undefined ? 'cannotJudge' : 'expect', says }];
  }
  if (isAtMost) return [];
  const requests = `${Math.max(1, Math.round(forecast.requests))} requests`;
  const late = limitMs !== undefined && forecast.afterMs > limitMs ? `, later than the ${formatMs(limitMs)} that are allowed` : '';
  return [{ kind: 'expect', says: `as declared ${opens} after about ${formatMs(forecast.afterMs)} (${requests})${late}: ${because}` }];
}
