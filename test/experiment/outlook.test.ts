/** What a plan says of a run that has not been, and what checks make of it: known-good and known-bad plans, by declared policies and presets. */
import { describe, expect, it } from 'vitest';
import { shippedCatalogs } from '../../src/experiment/catalogs.js';
import { loadExperiment } from '../../src/experiment/load.js';
import { outlookOf } from '../../src/experiment/outlook.js';
import { planExperiment } from '../../src/experiment/plan-experiment.js';
import { preflight } from '../../src/experiment/preflight.js';

interface Drawn {
  /** Of the load, a second. */
  rate?: number;
  instances?: number;
  fault?: string;
  policy?: string;
  check: string;
  /** A second step. */
  step?: string;
  /** Of the load. */
  observe?: string;
}

const ABORT = 'type: abort, target: {from: web, to: api/api-1}, value: {status: 503}, duration: 60s';
const ALL = 'type: abort, target: {from: web, to: api}, value: {status: 503}, duration: 60s';

/** What a plan settles for that does not say it. */
const SETTLE_MS = 5_000;

const planOf = ({ rate = 100, instances = 4, fault = ABORT, policy, check, step, observe }: Drawn) => {
  const text = `apiVersion: faultlab/v1
kind: Experiment
metadata: {name: foreseen, owner: me}
topology:
  services:
    web: {protocol: http, argv: [node, web.js]}
    api: {protocol: http, instances: ${instances}, argv: [node, api.js]}
    db: {protocol: http, argv: [node, db.js]}
  links:
    - {from: web, to: api}
    - {from: api, to: db}
${policy === undefined ? '' : `  policies:\n    - {name: declared, from: web, to: api, ${policy}}\n`}load: {rate: ${rate}/s, target: web, requests: [{name: all, path: /}]${observe === undefined ? '' : `, observe: {${observe}}`}}
stopConditions: [none]
method:
  - {name: bad, fault: {${fault}}}
${step === undefined ? '' : `  - ${step}\n`}verify:
  - ${check}
`;
  return planExperiment({ ...loadExperiment({ text, file: 'foreseen.yaml' }), seed: 1 });
};
/** Of the check alone. */
const foreseen = (drawn: Drawn) =>
  preflight(planOf(drawn), shippedCatalogs)
    .filter(({ about }) => !about.endsWith('was-felt'))
    .map(({ kind, says }) => `${kind}: ${says}`);

describe('what a promise needs to be judged at all is foreseen', () => {
  const SLOW = 'type: latency, target: {from: web, to: api/api-1}, value: {latency: 40ms}, duration: 4s';
  it.each([
    [
      'that a fault is over before anybody has to take over',
      'failover: {to: web, during: bad, within: 5s}',
      SLOW,
      'it takes 5.00s to see that nobody takes over',
    ],
    [
      'that a fault is over before anything can have grown',
      'backpressure: {to: web, below: api, during: bad, within: 3s}',
      SLOW,
      'it takes 6.00s to see that nothing grows',
    ],
    [
      'that windows are too thin',
      'failover: {to: web, during: bad, within: 3s, window: 500ms, minDemand: 60}',
      SLOW,
      'a window of 500ms holds about 50 requests',
    ],
    [
      'that too few requests show no difference',
      'bulkhead: {to: web, during: bad, margin: 0.5}',
      SLOW,
      'about 400 requests fall due while "bad" is on: if not one of them fails, 0.67 % fewer remain possible, and 0.50 % are allowed',
    ],
    [
      'that nothing is slow enough for a hedge',
      'hedging: {from: web, to: api, during: bad, delay: {max: 100ms}}',
      SLOW,
      'makes nobody wait longer than 40ms, so no hedge is due',
    ],
    [
      'that nothing is slow at all',
      'hedging: {from: web, to: api, during: bad}',
      ABORT,
      '"bad" fails at once what it hits, so no hedge is due',
    ],
    [
      'that hedges cost more than they may',
      'hedging: {from: web, to: api, during: bad, delay: {max: 20ms}, amplification: {max: 1.1}}',
      SLOW,
      'makes 25 % of the calls slow: a hedge for each makes 1.25 attempts a call, and 1.1 are allowed',
    ],
    [
      'that nobody asks an instance how it is',
      'differential: {from: web, to: api, during: bad, maxDisagreement: 3s}',
      ABORT,
      'api has no health or readiness check that crosses a link',
    ],
    [
      'that nobody notes what a history is made of',
      'history: {from: web, to: api, holds: {register: {}}, operations: [{f: read, method: GET, path: "/{key}", told: {answerHeader: X-Value}}]}',
      ABORT,
      'nobody notes the answer’s header x-value (`observe.answerHeaders`) between web and api',
    ],
    [
      'that nobody notes what the load sends',
      'history: {to: web, holds: {counter: {}}, operations: [{f: add, method: PUT, path: "/{key}", asks: {header: x-by}}]}',
      ABORT,
      'nobody notes the header x-by (`observe.headers`) between load and web',
    ],
    [
      'that a history has operations that nobody understands, or without values',
      'history: {from: web, to: api, holds: {lease: {}}, operations: [{f: acquire, method: PUT, path: "/{key}", token: {path: key}}, {f: lock, method: PUT, path: /locks}]}',
      ABORT,
      'it knows acquire, release, write, read, and no lock\ncannotJudge: acquire needs `validMs`',
    ],
    [
      'that nobody looks for long enough',
      'metastability: {to: web, after: bad, within: 9s}',
      ABORT,
      'after "bad" there are 5.00s until the next fault or the end, and 9.00s are allowed',
    ],
  ])('%s', (_what, check, fault, says) => {
    expect(foreseen({ check, fault }).join('\n')).toContain(says);
  });

  it.each([
    [
      'that nobody notes the token of a fence',
      'fencing: {at: api, token: {header: X-Epoch}}',
      'cannotJudge: nobody notes the header x-epoch (`observe.headers`) between web and api',
    ],
    [
      'that nobody notes the key of a request',
      'duplicates: {at: api, key: {header: X-Key}}',
      'cannotJudge: nobody notes the header x-key (`observe.headers`) between web and api',
    ],
    [
      'that a fault makes nothing happen twice',
      'duplicates: {at: api, during: bad}',
      'cannotFail: "bad" answers in the place of api, which never has the request',
    ],
    ['that there is too little load to look at', 'loadShedding: {to: web, slo: 300ms, during: bad}', 'is on for 2.00s, and it takes'],
  ])('%s', (_what, check, says) => {
    const fault = says.startsWith('is on') ? ABORT.replace('60s', '2s') : ABORT;
    expect(foreseen({ check, fault }).join('\n')).toContain(says);
  });

  it('and no lack of a key that links note unasked, nor of doubt where answers get lost', () => {
    expect(foreseen({ check: 'duplicates: {at: api, key: {header: Idempotency-Key}}' })).toEqual([]);
    const lost = 'type: responseLoss, target: {from: web, to: api}, duration: 60s';
    expect(foreseen({ check: 'duplicates: {at: api, during: bad}', fault: lost })).toEqual([]);
    expect(foreseen({ check: 'loadShedding: {to: web, slo: 300ms, during: bad}' })).toEqual([]);
  });

  it('of probes, that they are asked at no time at which they could fail', () => {
    const steady = (mode: string) =>
      `steadyState: {probes: [well]}\nsteadyState:\n  probes: [{name: well, type: wire, mode: ${mode}, target: {from: load, to: web}, tolerance: {metric: successRate, criteria: ">=", value: 90}}]`;
    expect(foreseen({ check: steady('start') })).toEqual([
      expect.stringMatching(/^cannotFail: its probes are asked before the method alone/),
    ]);
    expect(foreseen({ check: steady('edge') })).toEqual([]);
  });

  it('of faults, that they are applied to hardly anybody', () => {
    const felt = (fault: string) =>
      preflight(planOf({ check: 'errorRatio: {to: web, max: 50}', fault }), shippedCatalogs).flatMap(({ about, kind, says }) =>
        about === 'bad-was-felt' ? [`${kind}: ${says}`] : [],
      );
    expect(felt(`${ABORT}, percentage: 0`)).toEqual(['cannotJudge: "bad" is applied to none of those whom it meets']);
    expect(felt(`${ABORT}, percentage: 0.02`)).toEqual([
      'expect: of about 6000 requests "bad" is applied to about 1.2, and perhaps to none',
    ]);
    expect(felt(`${ABORT}, percentage: 1`)).toEqual([]);
  });

  it('but not that the load notes no key where it notes anything at all', () => {
    const check =
      'history: {to: web, holds: {counter: {}}, operations: [{f: add, method: PUT, path: "/{key}", asks: {header: Idempotency-Key}}]}';
    const unnoted = 'nobody notes the header idempotency-key';
    expect(foreseen({ check, fault: ABORT }).join()).toContain(unnoted);
    expect(foreseen({ check, fault: ABORT, observe: 'answerHeaders: [x-by]' }).join()).not.toContain(unnoted);
  });

  it('and nothing where there will be enough', () => {
    const lasting = 'type: latency, target: {from: web, to: api/api-1}, value: {latency: 300ms}, duration: 20s';
    const checks = [
      'failover: {to: web, during: bad, within: 5s}',
      'backpressure: {to: web, below: api, during: bad, within: 3s}',
      'bulkhead: {to: web, during: bad, margin: 1}',
      'hedging: {from: web, to: api, during: bad, delay: {max: 100ms}, amplification: {max: 1.5}}',
      'metastability: {to: web, after: bad, within: 4s}',
    ];
    for (const check of checks) expect(foreseen({ check, fault: lasting }), check).toEqual([]);
  });
});

describe('an outlook', () => {
  const of = (drawn: Partial<Drawn>) =>
    outlookOf(planOf({ check: 'errorRatio: {to: web, max: 50}', ...drawn }), shippedCatalogs).during('bad');

  it('says how many come by, how many are hit, and what they live through', () => {
    expect(of({ fault: `${ABORT}, percentage: 30` })).toMatchObject({
      requestsPerSecond: 100,
      share: 0.3,
      durationMs: 60_000,
      harm: { kind: 'fails' },
      isAtMost: false,
      isAlone: true,
    });
    const slow = 'type: latency, target: {from: web, to: api}, direction: both, value: {latency: 200ms}, duration: 10s';
    expect(of({ fault: slow })?.harm).toEqual({ kind: 'waits', forMs: 400 });
  });

  it('knows what picks among the requests, and what else is on', () => {
    expect(of({ fault: `${ABORT}, match: {path: /a}` })?.isAtMost).toBe(true);
    expect(of({ step: `{name: more, fault: {${ALL}}}` })?.isAlone).toBe(false);
    expect(of({ step: `{name: more, startAfter: bad, fault: {${ALL}}}` })?.isAlone).toBe(true);
  });

  it('knows for how long what follows is seen', () => {
    const later = '{name: later, startAfter: rest, fault: {type: noop, target: {from: api, to: db}, duration: 1s}}';
    const step = `{name: rest, startAfter: bad, wait: 7s}\n  - ${later}`;
    expect(of({ step })?.followedMs).toEqual({ onItsLinks: 8_000 + SETTLE_MS, everywhere: 7_000 });
  });

  it('says nothing of harm that its parameters do not decide', () => {
    expect(of({ fault: 'type: noop, target: {from: web, to: api}, duration: 10s' })).toMatchObject({ durationMs: 10_000, harm: undefined });
    expect(of({ fault: `${ABORT}, ramp: {from: 0, to: 100, step: 10, every: 5s}` })?.harm).toBeUndefined();
    expect(of({ fault: `${ABORT}, percentage: 30, keyBy: instance` })?.harm).toBeUndefined();
    expect(outlookOf(planOf({ check: 'errorRatio: {to: web, max: 50}' }), shippedCatalogs).during('other')).toBeUndefined();
  });
});

describe('of outlier detection it is foreseen', () => {
  const ejection = (more: string) => `outlierEjection: {from: web, to: api, during: bad, ${more}}`;

  it('that one bad of four can never be told by its success rate', () => {
    const check = ejection(
      'preset: {envoy: {enforcingConsecutive5xx: 0, successRateMinimumHosts: 4, alwaysEjectOneHost: true}}, detectWithin: 40s',
    );
    expect(foreseen({ check, rate: 200 })).toEqual([
      expect.stringMatching(/^cannotPass: as declared nobody is ejected: 1 bad of 4 instances stand 1.7 deviations .*, and 1.9 are needed/),
    ]);
    expect(foreseen({ check, rate: 200, instances: 8 })).toEqual([expect.stringMatching(/^expect: as declared the first is ejected/)]);
  });

  it('how many requests it takes', () => {
    const policy = 'outlierDetection: {consecutive5xx: 5, maxEjectionPercent: 50}';
    const [said] = foreseen({ policy, check: ejection('policy: declared, detectWithin: 40s'), fault: `${ABORT}, percentage: 30` });
    expect(said).toMatch(/^expect: as declared the first is ejected after about .*: 5 failures in a row: about 586 requests to it/);
  });

  it('that the cap keeps some of the bad ones in', () => {
    const check = ejection('preset: {envoy: {maxEjectionPercent: 40}}, detectWithin: 40s');
    expect(foreseen({ check, fault: ALL })).toContainEqual(
      expect.stringMatching(/^cannotPass: at most 1 of 4 instances may be out, and 4/),
    );
    expect(foreseen({ check: ejection('preset: {envoy: {}}, detectWithin: 40s') })).toEqual([
      expect.stringMatching(/^cannotPass: as declared nobody is ejected: the cap keeps everybody in: 10 % of 4 instances is nobody/),
    ]);
  });

  it('that a fault ends before the limit, so that no ejection can be late', () => {
    expect(foreseen({ check: ejection('detectWithin: 90s') })).toEqual([
      'cannotFail: "bad" ends after 60.00s, sooner than the 90.00s that are allowed',
    ]);
    expect(foreseen({ check: ejection('detectWithin: 30s') })).toEqual([]);
  });
});

describe('of a breaker it is foreseen', () => {
  const breaker = (more = 'opensWithin: 20s') => `circuitBreaker: {policy: declared, during: bad, ${more}}`;
  const policy = 'circuitBreaker: {failureRatio: 0.5, samplingDuration: 10s, minimumThroughput: 20, breakDuration: 5s}';

  it('when it opens', () => {
    expect(foreseen({ policy, check: breaker(), fault: ALL })).toEqual([
      expect.stringMatching(/^expect: as declared it opens after about 5/),
    ]);
    expect(foreseen({ policy, check: breaker('opensWithin: 2s'), fault: ALL })[0]).toContain('later than the 2.00s that are allowed');
  });

  it('that it cannot: too few calls, too few failures, or only some of the instances', () => {
    const few = foreseen({ policy, check: breaker(), fault: ALL, rate: 1 });
    expect(few).toContainEqual(
      expect.stringMatching(/^cannotPass: as declared it does not open: about 10 calls in 10 s, and 20 are needed/),
    );
    expect(foreseen({ policy, check: breaker(), fault: `${ALL}, percentage: 40` })[0]).toContain(
      '40 % of failures against a threshold of 50 %',
    );
    expect(foreseen({ policy, check: breaker(), fault: ABORT })[0]).toContain('25 % of failures');
    expect(foreseen({ policy, check: breaker('minDemand: 20'), fault: ABORT })[0]).toMatch(/^cannotJudge/);
  });

  it('that a delay below its timeout is no failure, and a slow call may be one', () => {
    const slow = 'type: delay, target: {from: web, to: api}, value: {delay: 500ms}, duration: 60s';
    const timeout = 'timeout: {perAttempt: 2s}';
    const never = foreseen({ policy: `${policy}, ${timeout}`, check: breaker(), fault: slow });
    expect(never).toEqual([expect.stringMatching(/^cannotPass: as declared it does not open: nothing fails that it counts/)]);
    const preset = 'preset: {resilience4j: {slowCallDurationThreshold: 200ms, slowCallRateThreshold: 50}}';
    const check = `circuitBreaker: {from: web, to: api, policy: declared, ${preset}, during: bad, opensWithin: 20s}`;
    expect(foreseen({ policy: timeout, check, fault: slow })).toEqual([
      expect.stringMatching(/^expect: as declared it opens.*above 200ms/),
    ]);
  });

  it('nothing where the fault is elsewhere, picks among the requests, or is not alone', () => {
    expect(foreseen({ policy, check: breaker(), fault: `${ALL}, match: {path: /a}` })).toEqual([]);
    expect(foreseen({ policy, check: breaker(), fault: ALL, step: `{name: more, fault: {${ABORT}}}` })).toEqual([]);
    expect(foreseen({ policy, check: breaker(), fault: 'type: abort, target: {from: api, to: db}, duration: 60s' })).toEqual([]);
  });
});

describe('of what comes after a fault it is foreseen', () => {
  it('that nobody will see whether it was back in time', () => {
    const tooLate = 'cannotFail: after "bad" there are 5.00s until the next fault on its links or the end, and 30.00s are allowed';
    const breaker = 'circuitBreaker: {from: web, to: api, during: bad, opensWithin: 20s, closesAfterHealWithin:';
    expect(foreseen({ check: `${breaker} 30s}` })).toEqual([tooLate]);
    expect(foreseen({ check: `${breaker} 5s}` })).toEqual([]);
    const ejection = 'outlierEjection: {from: web, to: api, during: bad, detectWithin: 20s, returnsWithin:';
    expect(foreseen({ check: `${ejection} 30s}` })).toEqual([tooLate]);
    const recovery = 'recovery: {after: bad, to: web, metric: successRate, value: 99, within:';
    expect(foreseen({ check: `${recovery} 30s}` })[0]).toMatch(/^cannotFail: .* until the next fault or the end/);
    expect(foreseen({ check: `${recovery} 4s}` })).toEqual([]);
  });

  it('that a breaker or an ejection outlasts its limit', () => {
    const policy =
      'circuitBreaker: {consecutiveFailures: 5, breakDuration: 70s}, outlierDetection: {consecutive5xx: 5, baseEjectionTime: 70s, maxEjectionPercent: 50}';
    const breaker = 'circuitBreaker: {policy: declared, during: bad, opensWithin: 20s, closesAfterHealWithin: 4s}';
    expect(foreseen({ policy, check: breaker, fault: ALL })).toContainEqual(
      expect.stringMatching(/^cannotPass: as declared it stays open for 70.00s/),
    );
    const ejection = 'outlierEjection: {policy: declared, during: bad, detectWithin: 20s, returnsWithin: 4s}';
    expect(foreseen({ policy, check: ejection })).toContainEqual(expect.stringMatching(/^cannotPass: as declared it is out for 70.00s/));
    const mild = 'circuitBreaker: {consecutiveFailures: 5, breakDuration: 5s}';
    expect(foreseen({ policy: mild, check: breaker, fault: ALL })).toEqual([expect.stringMatching(/^expect: as declared it opens/)]);
  });
});

describe('of traffic that a fault hits itself it is foreseen', () => {
  const SLOW = 'type: delay, target: {from: web, to: api}, value: {delay: 500ms}, duration: 60s';

  it('that too much of it fails', () => {
    const check = 'errorRatio: {from: web, to: api, during: bad, max: 5}';
    expect(foreseen({ check, fault: `${ALL}, percentage: 40` })).toEqual([
      expect.stringMatching(/^cannotPass: "bad" fails 40.* % of these very requests/),
    ]);
    expect(foreseen({ check, fault: `${ALL}, percentage: 6` })).toEqual([]);
    expect(foreseen({ check, fault: ABORT })).toEqual([]);
    expect(foreseen({ check, fault: SLOW })).toEqual([]);
    expect(foreseen({ check: 'slo: {from: web, to: api, during: bad, objective: 99, within: 300ms}', fault: SLOW })[0]).toMatch(
      /^cannotPass/,
    );
  });

  it('that it takes too long', () => {
    const latency = (more: string) => `latency: {from: web, to: api, during: bad, ${more}}`;
    expect(foreseen({ check: latency('metric: p99, max: 300ms'), fault: `${SLOW}, percentage: 10` })).toEqual([
      expect.stringMatching(/^cannotPass: "bad" makes 10.* % of these very requests wait 500ms, and 300ms are allowed/),
    ]);
    expect(foreseen({ check: latency('metric: p50, max: 300ms'), fault: `${SLOW}, percentage: 10` })).toEqual([]);
    expect(foreseen({ check: latency('metric: p99, max: 600ms'), fault: SLOW })).toEqual([]);
  });

  it('that too little of it is sent', () => {
    const throughput = (min: number) => `throughput: {from: load, to: web, during: bad, min: ${min}/s}`;
    expect(foreseen({ check: throughput(120) })).toEqual(['cannotJudge: the load sends 100/s while "bad" is on, and 120/s must succeed']);
    expect(foreseen({ check: throughput(90) })).toEqual([]);
  });

  it('that nobody sees what a caller answers whom the load does not call', () => {
    expect(foreseen({ check: 'fallback: {from: api, to: db, during: bad}' })).toContainEqual(
      expect.stringMatching(/^cannotJudge: the load/),
    );
    expect(foreseen({ check: 'fallback: {from: web, to: api, during: bad}' })).toEqual([]);
  });
});

describe('of retries it is foreseen', () => {
  const retry = (more: string) => `retry: {policy: declared, during: bad, ${more}}`;

  it('that a limit cannot be exceeded', () => {
    const check = retry('amplification: {max: 1.3}');
    expect(foreseen({ policy: 'retry: {maxAttempts: 1}', check, fault: ALL })).toEqual([
      expect.stringMatching(/^cannotFail: 1 attempt for a call at most cannot amplify beyond 1.3/),
    ]);
  });

  it('that it will be, or how near it comes', () => {
    const check = retry('amplification: {max: 1.3}');
    const policy = 'retry: {maxAttempts: 3}';
    expect(foreseen({ policy, check, fault: ALL })[0]).toMatch(/^cannotPass: as declared "bad" makes 3 attempts a call with 100 % of them/);
    expect(foreseen({ policy: 'retry: {maxAttempts: 3, budgetPercent: 20}', check, fault: ALL })[0]).toMatch(
      /^expect: .* makes 1.2 attempts/,
    );
    expect(foreseen({ policy, check, fault: `${ALL}, percentage: 10` })[0]).toMatch(/^expect: .* makes 1.11 attempts/);
  });

  it('that nothing is tried again', () => {
    expect(foreseen({ policy: 'retry: {maxAttempts: 1}', check: retry('minRetried: 50'), fault: ALL })).toContainEqual(
      expect.stringMatching(/^cannotPass: nothing is tried again with 1 attempt for a call/),
    );
  });
});

describe('of timeouts it is foreseen', () => {
  const check = 'timeout: {policy: declared, during: bad}';
  const policy = 'timeout: {perAttempt: 800ms}';
  const delay = (time: string) => `type: delay, target: {from: web, to: api}, value: {delay: ${time}}, duration: 60s`;

  it('that nobody waits for long enough', () => {
    expect(foreseen({ policy, check, fault: delay('200ms') })).toEqual([
      expect.stringMatching(/^cannotJudge: "bad" makes nobody wait longer than 200ms, and the shortest limit is 800ms/),
    ]);
    expect(foreseen({ policy, check, fault: ALL })[0]).toContain('fails at once what it hits');
  });

  it('nothing where they do', () => {
    expect(foreseen({ policy, check, fault: delay('2s') })).toEqual([]);
    expect(foreseen({ policy, check, fault: 'type: blackhole, target: {from: web, to: api}, duration: 60s' })).toEqual([]);
  });
});
