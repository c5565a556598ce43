/** Which faults become toxics, and which are refused because no toxic means the same. */
import { describe, expect, it } from 'vitest';
import { faultSpecSchema } from '../../../src/dataplane/faults/spec.js';
import { translate } from '../../../src/orchestrator/drivers/toxics.js';

const translated = (fault: object) => translate(faultSpecSchema.parse({ id: 'f', proxies: ['p'], ...fault }));
const toxicsOf = (fault: object) => {
  const translation = translated(fault);
  return translation.kind === 'carried' ? translation.toxics : translation.reasons;
};
const reasonsOf = (fault: object) => {
  const translation = translated(fault);
  return translation.kind === 'refused' ? translation.reasons : [];
};
const latency = { type: 'latency', value: { latency: '100ms' } };

describe('a fault on a Toxiproxy server', () => {
  it.each([
    [{ type: 'latency', value: { latency: '1.5s', jitter: '20ms' } }, 'latency', { latency: 1_500, jitter: 20 }],
    [{ type: 'bandwidth', value: { rate: '1MB/s' } }, 'bandwidth', { rate: 1_000 }],
    [
      { type: 'slicer', value: { averageSize: '64B', sizeVariation: '32B', delay: '10us' } },
      'slicer',
      { average_size: 64, size_variation: 32, delay: 10 },
    ],
    [{ type: 'slowClose', value: { delay: '2s' } }, 'slow_close', { delay: 2_000 }],
    [{ type: 'stall', value: { timeout: '5s' } }, 'timeout', { timeout: 5_000 }],
    [{ type: 'limitData', value: { bytes: '64KB' } }, 'limit_data', { bytes: 64_000 }],
    [{ type: 'reset', direction: 'down', value: { after: '1s', trigger: 'data' } }, 'reset_peer', { timeout: 1_000 }],
    [{ type: 'noop' }, 'noop', {}],
  ])('becomes a toxic in its own units: %j', (fault, type, attributes) => {
    expect(toxicsOf(fault)).toEqual([{ type, stream: 'downstream', toxicity: 1, attributes }]);
  });

  it('acts on the stream of its direction, on both if it names none and means both', () => {
    const streams = (fault: object) => toxicsOf(fault).map((toxic) => (typeof toxic === 'string' ? toxic : toxic.stream));
    expect(streams({ ...latency, direction: 'up' })).toEqual(['upstream']);
    expect(streams({ type: 'blackhole' })).toEqual(['upstream', 'downstream']);
  });

  it('turns its percentage into toxicity, and says that the seed does not choose', () => {
    const translation = translated({ ...latency, percentage: 25 });
    expect(translation).toMatchObject({ kind: 'carried', toxics: [{ toxicity: 0.25 }] });
    expect(translation).toMatchObject({ caveats: [expect.any(String), expect.stringContaining('seed')] });
  });

  it('is refused for all that is wrong with it, whatever else there is', () => {
    const reasons = reasonsOf({ type: 'abort', match: { path: '/a' }, pulse: { active: '1s', dormant: '1s' }, nth: 2 });
    expect(reasons.map((reason) => reason.split(':')[0])).toEqual([expect.stringMatching(/^Toxiproxy carries bytes/), 'pulse', 'nth']);
  });

  it('warns where the connections are closed at its end', () => {
    for (const type of ['blackhole', 'stall']) {
      expect(translated({ type })).toMatchObject({ kind: 'carried', caveats: [expect.stringContaining('closed when it ends')] });
    }
  });

  it.each([
    [{ type: 'abort', value: { status: 503 } }, /no requests; it can carry: latency, /],
    [{ type: 'loss', value: {} }, /no toxic that means loss; it can carry/],
    [
      { type: 'network', value: { profile: '3G' } },
      /no toxic that means network, a fault made of several; write those .* it can carry: latency/,
    ],
    [{ type: 'refuse' }, /no toxic that means refuse; it can carry/],
    [{ type: 'blackhole', direction: 'down' }, /^direction: .*cut both/],
    [{ ...latency, match: { path: '/a' } }, /^match/],
    [{ ...latency, exclude: { path: '/a' } }, /^exclude/],
    [{ ...latency, source: '10.0.0.0/8' }, /^source/],
    [{ ...latency, pulse: { active: '1s', dormant: '1s' } }, /^pulse/],
    [{ ...latency, ramp: { step: 10, every: '1s' } }, /^ramp/],
    [{ ...latency, connections: 'new' }, /^connections.*new ones only/],
    [{ ...latency, percentage: 50, keyBy: 'instance' }, /^keyBy/],
    [{ ...latency, first: 3 }, /^first/],
    [{ ...latency, nth: 3 }, /^nth/],
    [{ ...latency, every: 3 }, /^every/],
    [{ ...latency, maxActive: 3 }, /^maxActive/],
    [{ ...latency, percentage: 50, direction: 'both' }, /^percentage.*each stream/],
    [{ type: 'latency', value: { latency: '1.5ms' } }, /^the latency: .*whole milliseconds/],
    [{ type: 'latency', value: { latency: '9ms', jitter: '3ms', distribution: 'pareto' } }, /uniform, not pareto/],
    [{ type: 'latency', value: { latency: '9ms', jitter: '3ms', correlation: 25 } }, /^correlation/],
    [{ type: 'bandwidth', value: { rate: '1500B/s' } }, /whole KB\/s/],
    [{ type: 'bandwidth', value: { rate: '1MB/s', share: 'proxy' } }, /^share/],
    [{ type: 'slicer', value: { averageSize: '64B', sizeVariation: '64B' } }, /crash/],
    [{ type: 'stall', value: { timeout: '100us' } }, /whole milliseconds/],
    [{ type: 'reset' }, /write `trigger: data`/],
    [{ type: 'reset', value: { afterBytes: '1KB' } }, /^afterBytes/],
    [{ type: 'reset', direction: 'up', percentage: 50, value: { trigger: 'data' } }, /only 100 %/],
  ])('is refused rather than changed: %j', (fault, reason) => {
    expect(reasonsOf(fault)).toEqual([expect.stringMatching(reason)]);
  });
});
