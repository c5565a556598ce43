/** How long an instance works on a request. It depends on the request's key alone, so the same load takes the same time in every run. */
import { keyedDraw } from '../../core/random.js';

const SERVICE_MS_MIN = 1;
const SERVICE_MS_SPREAD = 4;

const draw = keyedDraw({ seed: 0, faultId: 'service-time' });

/** 1…4 ms. Whole milliseconds, because the host's timers are cheapest there. */
export function serviceTimeMs(key: string): number {
  return SERVICE_MS_MIN + Math.floor(draw(key, 0) * SERVICE_MS_SPREAD);
}

/** From half of the mean to half as much again; whole milliseconds. */
export function serviceTimeAround(meanMs: number, key: string): number {
  return Math.round(meanMs * (0.5 + draw(key, 0)));
}
