/** Snapshots and seconds as a daemon would tell them, with only what a test cares about spelt out. */
import type { LiveHistory, LiveRun, LiveSnapshot } from '../../../../src/control/live/contract.js';
import type { RecordedPlan } from '../../../../src/journal/events.js';
import type { LinkSecond } from '../../../../src/journal/link-second.js';

export function snapshot(known: Partial<LiveSnapshot> = {}): LiveSnapshot {
  return {
    seq: 1,
    boot: 'boot',
    version: '0.1.0',
    environment: 'local',
    nowMs: 100_000,
    wallMs: 1e12,
    run: null,
    events: [],
    faultWindows: [],
    history: [],
    proxies: [],
    proxiesTotal: 0,
    faults: [],
    gates: [],
    halted: null,
    claimedBy: null,
    ...known,
  };
}

export function secondOf(link: string, second: number, requests: number, more: Partial<LinkSecond> = {}): LinkSecond {
  return {
    link,
    second,
    requests,
    errors: 0,
    faulted: 0,
    answers2xx: requests,
    answers3xx: 0,
    answers4xx: 0,
    answers5xx: 0,
    p50Ms: requests ? 1 : null,
    p90Ms: requests ? 2 : null,
    p99Ms: requests ? 3 : null,
    bytesUp: 0,
    bytesDown: 0,
    connections: 1,
    ...more,
  };
}

/** One link with so many requests in each second from `fromSecond` on. */
export function historyOf(link: string, fromSecond: number, requests: readonly number[]): LiveHistory {
  const rows = requests.map((count, i) => secondOf(link, fromSecond + i, count));
  const column = <K extends Exclude<keyof LinkSecond, 'link' | 'second'>>(name: K) => rows.map((row) => row[name]);
  return {
    link,
    fromSecond,
    columns: {
      requests: column('requests'),
      errors: column('errors'),
      faulted: column('faulted'),
      answers2xx: column('answers2xx'),
      answers3xx: column('answers3xx'),
      answers4xx: column('answers4xx'),
      answers5xx: column('answers5xx'),
      p50Ms: column('p50Ms'),
      p90Ms: column('p90Ms'),
      p99Ms: column('p99Ms'),
      bytesUp: column('bytesUp'),
      bytesDown: column('bytesDown'),
      connections: column('connections'),
    },
  };
}

export const emptyPlan: RecordedPlan = {
  title: 'a plan',
  file: 'x.yaml',
  environment: 'local',
  seed: 1,
  inputs: {},
  services: [],
  links: [],
  probes: [],
  steps: [],
  checks: [],
};

export function liveRun(run = 'r', plan: RecordedPlan = emptyPlan): LiveRun {
  return {
    run,
    epoch: 1,
    phase: null,
    ended: null,
    verdicts: null,
    fleet: null,
    eventsLost: 0,
    started: { n: 1, atMs: 0, type: 'runStarted', run, epoch: 1, version: '0.1.0', wallMs: 1e12, plan },
  };
}
