import { describe, expect, it, test } from 'vitest';
import { LabError } from '../../../src/core/errors.js';
import { admitFault } from '../../../src/dataplane/admit-fault.js';
import { faults } from '../../../src/dataplane/faults/catalog.js';
import type { HttpFault, LinkFault } from '../../../src/dataplane/faults/fault.js';
import { misplacedKeys } from '../../../src/dataplane/faults/misplaced.js';
import { type FaultSpecInput, faultSpecSchema } from '../../../src/dataplane/faults/spec.js';
import { proxySpecSchema } from '../../../src/dataplane/proxy.js';

const spec = (given: Partial<FaultSpecInput>) => faultSpecSchema.parse({ id: 'a', proxies: ['p'], type: 'abort', ...given });
const misplaced = (given: Partial<FaultSpecInput> & { type: string }) =>
  misplacedKeys(faults.get(given.type) as LinkFault, spec(given)).map(({ key, problem }) => `${key}: ${problem}`);

describe('on a fault of connections', () => {
  it('conditions on requests are refused, and the fault of requests is named', () => {
    const about = 'latency acts on connections, whatever they carry; for requests there is delay';
    expect(misplaced({ type: 'latency', match: { path: '/a' }, exclude: 'probes' })).toEqual([`match: ${about}`, `exclude: ${about}`]);
    expect(misplaced({ type: 'noop', match: { path: '/a' } })).toEqual(['match: noop acts on connections, whatever they carry']);
  });

  test.each(['request', 'header:x-user', 'jsonpath:$.x'])('keyBy %s is refused', (keyBy) => {
    expect(misplaced({ type: 'latency', keyBy })).toEqual([
      `keyBy: expected connection or instance, for latency knows no requests; found ${keyBy}`,
    ]);
  });

  test.each(['connection', 'instance'])('keyBy %s is taken', (keyBy) => {
    expect(misplaced({ type: 'latency', keyBy })).toEqual([]);
  });
});

describe('on a fault of messages', () => {
  it('a status is refused where it looks at requests', () => {
    expect(misplaced({ type: 'abort', match: { status: '5xx' } })).toEqual([
      'match: status: abort looks at requests here, which have no status yet; with `direction: down` it looks at responses',
    ]);
    expect(misplaced({ type: 'abort', exclude: ['probes', { status: 200 }] })[0]).toMatch(/^exclude: status/);
    expect(misplaced({ type: 'abort', direction: 'down', match: { status: '5xx' }, exclude: { status: 503 } })).toEqual([]);
  });

  test.each([
    [['up'], 'down', ['direction: alpha acts up only, found down']],
    [['up'], 'both', ['direction: alpha acts up only, found both']],
    [['up'], undefined, []],
    [['up', 'down'], 'both', []],
  ] as const)('that acts %j, direction %s is refused or taken', (phases, direction, problems) => {
    const alpha = { ...(faults.get('abort') as HttpFault), name: 'alpha', phases };
    expect(misplacedKeys(alpha, { ...(direction && { direction }) }).map(({ key, problem }) => `${key}: ${problem}`)).toEqual(problems);
  });

  it('what is for streams only is refused', () => {
    expect(misplaced({ type: 'abort', dataOnly: true })).toEqual(['dataOnly: abort looks at messages; only tcp faults have this']);
  });
});

test('the fault that is named for requests is there, and is one', () => {
  const named = faults.all.flatMap((fault) => ('forRequests' in fault && fault.forRequests !== undefined ? [fault.forRequests] : []));
  expect(named).toContain('delay');
  expect(named.filter((name) => faults.get(name)?.protocol !== 'http')).toEqual([]);
});

it('nothing misplaced gets onto a proxy', () => {
  const proxy = proxySpecSchema.parse({ name: 'p', upstream: '127.0.0.1:9' });
  const admit = () => admitFault({ run: 'r', spec: spec({ type: 'noop', match: { path: '/a' } }), sinceMs: 0 }, () => proxy);
  expect(admit).toThrow(LabError);
  expect(admit).toThrow(/^fault a: match: noop acts on connections/);
});

describe('parameters that mean nothing in a direction', () => {
  const admitted = (given: Partial<FaultSpecInput>) => () =>
    admitFault({ run: 'r', spec: spec(given), sinceMs: 0 }, () => proxySpecSchema.parse({ name: 'p', protocol: 'http', upstream: 'b:1' }));

  it('are refused with what they stand under', () => {
    const value = { status: 500 };
    expect(admitted({ type: 'patch', direction: 'up', value })).toThrow('value: requests have no `status`');
    expect(admitted({ type: 'patch', direction: 'both', value })).toThrow('value: requests have no `status`');
    expect(admitted({ type: 'patch', value })).not.toThrow();
    expect(admitted({ type: 'replace', value: { target: '/' } })).toThrow('direction: up');
  });
});
