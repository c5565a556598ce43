import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandDesk, handFaultSchema } from '../../src/control/hand-desk.js';
import type { LiveFleet } from '../../src/control/live/contract.js';
import { Daemon } from '../../src/dataplane/daemon.js';
import { faultSpecSchema } from '../../src/dataplane/faults/spec.js';
import { proxySpecSchema } from '../../src/dataplane/proxy.js';
import { VirtualClock } from '../support/clock.js';

let clock: VirtualClock;
let daemon: Daemon;
let desk: HandDesk;

beforeEach(async () => {
  clock = new VirtualClock();
  daemon = new Daemon({ clock, environment: 'test' });
  desk = new HandDesk(daemon);
  await daemon.createProxy(proxySpecSchema.parse({ name: 'p', protocol: 'http', upstream: '127.0.0.1:1' }));
  await daemon.createProxy(proxySpecSchema.parse({ name: 'guarded', protocol: 'http', upstream: '127.0.0.1:1', protected: true }));
});
afterEach(() => daemon[Symbol.asyncDispose]());

const put = (fault: object, by = 'ann') =>
  desk.put(handFaultSchema.parse({ by, faults: [{ id: 'f', type: 'latency', proxies: ['p'], value: { latency: '50ms' }, ...fault }] }));
const pause = (fault: object = {}) => put({ type: 'pause', proxies: ['b-1'], value: {}, ...fault });
const words = () => daemon.observations.read(0, 1_000).observations;

describe('a fault by hand on a link', () => {
  it('goes on beside the run that holds the daemon, which is told whose it is', () => {
    daemon.claim('r');
    expect(put({}).faults).toMatchObject([{ id: 'f', run: 'by-hand', by: 'ann', beside: 'r' }]);
    expect(words()).toMatchObject([{ kind: 'fault', run: 'r', change: 'applied', byHand: { by: 'ann', performs: 'latency', on: ['p'] } }]);
  });

  it('ends when nobody renews it, and takes no claim with it', () => {
    const { epoch } = daemon.claim('r');
    put({ lease: '2s' });
    clock.advance(1_500);
    daemon.renew({ run: 'r', epoch });
    expect(desk.renew(['f', 'other'])).toEqual({ gone: ['other'] });
    clock.advance(1_500);
    expect(daemon.hasFault('f')).toBe(true);
    daemon.renew({ run: 'r', epoch });
    clock.advance(1_000);
    expect(desk.renew(['f'])).toEqual({ gone: ['f'] });
    expect(words().at(-1)).toMatchObject({ change: 'expired', byHand: { by: 'ann' } });
    expect(daemon.renew({ run: 'r', epoch })).toEqual({ faults: 0 });
  });

  it('is changed and ended by hand, also beside a run, and healed with that run', () => {
    daemon.claim('r');
    put({});
    expect(desk.change('f', { percentage: 20 })).toMatchObject({ percentage: 20 });
    desk.end('f');
    desk.end('f');
    expect(desk.faults.faults).toEqual([]);
    put({});
    daemon.heal({ run: 'r' });
    expect(daemon.faults()).toEqual([]);
  });

  it('is refused as any other: protected, unknown, halted', () => {
    expect(() => put({ proxies: ['guarded'] })).toThrow('protected');
    expect(() => put({ proxies: ['nobody'] })).toThrow('no proxy named');
    expect(() => put({ type: 'nonsense' })).toThrow('unknown fault type');
    daemon.halt('enough');
    expect(() => put({})).toThrow('enough');
    expect(() => pause()).toThrow('enough');
  });

  it('is refused beside a rehearsal, in which nothing is changed, and foretold all the same', () => {
    daemon.claim('r', { isDry: true });
    expect(() => put({})).toThrow('rehearsal');
    expect(() => pause()).toThrow('rehearsal');
    expect(daemon.faults()).toEqual([]);
    const fault = faultSpecSchema.parse({ id: 'f', type: 'abort', proxies: ['p'], value: { status: 503 } });
    expect(desk.preview(fault).links).toHaveLength(1);
    daemon.release('r');
    expect(put({}).faults).toHaveLength(1);
  });

  it('of a plan is nobody’s to change or end', () => {
    const { epoch } = daemon.claim('r');
    daemon.inject({ run: 'r', epoch, faults: [faultSpecSchema.parse({ id: 'r/slow', type: 'noop', proxies: ['p'] })] });
    expect(() => desk.change('r/slow', { percentage: 1 })).toThrow('belongs to run r');
    expect(() => desk.end('r/slow')).toThrow('belongs to run r');
    expect(desk.renew(['r/slow'])).toEqual({ gone: ['r/slow'] });
  });

  it('is foretold, and refused like the real one, without being on', () => {
    const fault = faultSpecSchema.parse({ id: 'f', type: 'abort', proxies: ['p'], value: { status: 503 } });
    expect(desk.preview(fault)).toEqual({ links: [{ link: 'p', requests: 0, matched: 0, hit: 0 }], cannotTell: [], lookedBackMs: 10_000 });
    expect(daemon.faults()).toEqual([]);
    expect(() => desk.preview({ ...fault, proxies: ['guarded'] })).toThrow('protected');
  });
});

describe('a fault by hand on a process', () => {
  it('is asked of the run, and asked to end when nobody renews it', () => {
    const { epoch } = daemon.claim('r');
    expect(pause({ lease: '2s' })).toEqual({ faults: [], asked: [{ id: 'f', by: 'ann', type: 'pause', on: ['b-1'] }] });
    clock.advance(1_500);
    daemon.renew({ run: 'r', epoch });
    expect(desk.renew(['f'])).toEqual({ gone: [] });
    clock.advance(2_000);
    expect(words()).toMatchObject([
      { kind: 'beginByHand', run: 'r', by: 'ann', fault: 'f', performs: 'pause', on: ['b-1'] },
      { kind: 'endByHand', run: 'r', fault: 'f', reason: 'expired' },
    ]);
  });

  it('is asked to end by who asked for it', () => {
    daemon.claim('r');
    pause();
    desk.end('f');
    expect(words().at(-1)).toMatchObject({ kind: 'endByHand', reason: 'healed' });
    expect(desk.faults.asked).toEqual([]);
  });

  it('is refused where there is no run, twice under one name, with parameters that it does not take, or beyond the bound', () => {
    expect(() => pause()).toThrow('no run');
    daemon.claim('r');
    pause();
    expect(() => pause()).toThrow('already active');
    expect(() => pause({ id: 'g', value: { nonsense: 1 } })).toThrow('g');
    for (let i = 1; i < 100; i += 1) pause({ id: `f${i}` });
    expect(() => pause({ id: 'last' })).toThrow('the bound of 100');
  });

  it('is refused twice in one request, or under the name of a fault that is on: nobody could end the one without the other', () => {
    daemon.claim('r');
    const one = { id: 'f', type: 'pause', proxies: ['b-1'], value: {} };
    const latency = { id: 'f', type: 'latency', proxies: ['p'], value: { latency: '50ms' } };
    const both = (...faults: object[]) => desk.put(handFaultSchema.parse({ by: 'ann', faults }));
    expect(() => both(one, { ...one, proxies: ['b-2'] })).toThrow('already active');
    expect(() => both(one, latency)).toThrow('already active');
    expect([words(), desk.faults.asked, daemon.faults()]).toEqual([[], [], []]);
    both(latency);
    expect(() => both(one)).toThrow('already active');
    both({ ...one, id: 'g' }, { ...latency, id: 'h' });
    expect(desk.faults.asked).toMatchObject([{ id: 'g' }]);
  });

  it('is gone for the page when its run is', () => {
    daemon.claim('r');
    pause();
    daemon.release('r');
    expect(desk.renew(['f'])).toEqual({ gone: ['f'] });
  });
});

describe('a fault by hand on a link that a host of a fleet carries', () => {
  const member = { links: ['a->b'] };
  const fleet = { agents: [{ member }, { member: null }], agentsTotal: 2, faults: [] } as unknown as LiveFleet;
  const elsewhere = () => new HandDesk(daemon, { fleetOf: (run) => (run === 'r' ? fleet : null) });
  const latency = { id: 'f', type: 'latency', proxies: ['a->b'], value: { latency: '50ms' }, percentage: 30, lease: '2s' };
  const faults = () => handFaultSchema.parse({ by: 'ann', faults: [latency] });

  it('is asked of the run with all that was said of it, and refused where no such run goes on', () => {
    expect(() => elsewhere().put(faults())).toThrow('no proxy named');
    daemon.claim('r');
    expect(elsewhere().put(faults())).toEqual({ faults: [], asked: [{ id: 'f', by: 'ann', type: 'latency', on: ['a->b'] }] });
    expect(words()).toMatchObject([
      { kind: 'beginByHand', run: 'r', performs: 'latency', on: ['a->b'], spec: { percentage: 30, value: { latency: '50ms' } } },
    ]);
  });

  it('cannot be foretold nor changed, and says why', () => {
    daemon.claim('r');
    const asking = elsewhere();
    const [fault] = faults().faults;
    if (fault !== undefined) expect(() => asking.preview(fault)).toThrow('cannot be foretold');
    asking.put(faults());
    expect(() => asking.change('f', { percentage: 10 })).toThrow('end it, and put it on anew');
  });
});
