/**
 * What the declared settings of a breaker or an outlier detection make of a fault, before it is tried. What a reader gets wrong: "cannot pass" is
 * said of the declaration, not of the system; a system that does it nevertheless has other settings than those declared.
 */
import { formatMs } from '../../core/units.js';
import type { Foresight, Outlook } from '../foresight.js';
import { forecastOpening } from '../oracles/breaker-oracle.js';
import { forecastEjection, mayBeOut } from '../oracles/ejection-oracle.js';
import type { Forecast } from '../oracles/forecast.js';
import { type Declaring, declarationOf } from './declared-promises.js';
import { streamAhead, throughAll } from './stream-ahead.js';

interface BreakerParams extends Declaring {
  during: string;
  opensWithin?: number | undefined;
}

export function foreseeOpening(params: BreakerParams, outlook: Outlook): readonly Foresight[] {
  const declaration = declarationOf(params, outlook);
  const tooShort = endsBefore(outlook, params.during, params.opensWithin);
  if (declaration.kind === 'unknown' || declaration.models.breaker === undefined) return tooShort;
  const stream = streamAhead(outlook, { ...declaration, during: params.during });
  if (stream === undefined) return tooShort;
  const forecast = forecastOpening(declaration.models.breaker, throughAll(stream));
  const promise = { opens: 'it opens', never: 'it does not open', limitMs: params.opensWithin };
  return [...tooShort, ...sayForecast(forecast, promise, stream.isAtMost)];
}

interface EjectionParams extends Declaring {
  during: string;
  expect?: readonly string[] | undefined;
  detectWithin?: number | undefined;
}

export function foreseeEjection(params: EjectionParams, outlook: Outlook): readonly Foresight[] {
  const declaration = declarationOf(params, outlook);
  const tooShort = endsBefore(outlook, params.during, params.detectWithin);
  if (declaration.kind === 'unknown' || declaration.models.ejection === undefined) return tooShort;
  const stream = streamAhead(outlook, { ...declaration, during: params.during });
  if (stream === undefined) return tooShort;
  const { ejection } = declaration.models;
  const all = stream.instances.length;
  const scene = { ...stream, instances: all, bad: stream.bad.length, perSecond: stream.perSecond / all };
  const forecast = forecastEjection(ejection, scene);
  const promise = { opens: 'the first is ejected', never: 'nobody is ejected', limitMs: params.detectWithin };
  const said = [...tooShort, ...sayForecast(forecast, promise, stream.isAtMost)];
  const [meant, allowed] = [(params.expect ?? stream.bad).length, mayBeOut(ejection, all)];
  if (forecast.kind === 'never' || meant <= allowed) return said;
  return [...said, { kind: 'cannotPass', says: `at most ${allowed} of ${all} instances may be out, and ${meant} are to be ejected` }];
}

/** That it came too late can only be said of a fault that is on for longer than it may take. */
function endsBefore(outlook: Outlook, step: string, limitMs: number | undefined): readonly Foresight[] {
  const durationMs = outlook.during(step)?.durationMs ?? Number.POSITIVE_INFINITY;
  if (limitMs === undefined || durationMs >= limitMs) return [];
  const says = `"${step}" ends after ${formatMs(durationMs)}, sooner than the ${formatMs(limitMs)} that are allowed`;
  return [{ kind: 'cannotFail', says }];
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
