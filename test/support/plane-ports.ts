/** What a data plane is opened with, for a test that names only what it is about. */
import { hostClock } from '../../src/core/clock.js';
import type { PlanePorts } from '../../src/orchestrator/planes/plane.js';
import { planText, SMALL } from './experiment.js';

export function planePorts(given: Partial<PlanePorts> = {}): PlanePorts {
  return {
    clock: hostClock,
    run: 'r',
    daemonArgv: [],
    logFile: '',
    connect: undefined,
    plan: planText(SMALL),
    version: '0',
    note: () => {},
    onFailure: () => {},
    signal: new AbortController().signal,
    ...given,
  };
}
