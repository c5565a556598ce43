/** Dials that a fault cut, as the requests that they stand for. */
import { describe, expect, it } from 'vitest';
import type { FaultWindow, RecordedExchange } from '../../../src/journal/record.js';
import { attributeDials, cutDials, withDials } from '../../../src/verify/inference/cut-dials.js';
import type { Demand } from '../../../src/verify/inference/demand.js';
import { cutDial, recordOf } from '../../support/histories.js';

const way = { from: 'gateway-1', to: 'payments-1' };
const dial = (startMs: number) => cutDial({ ...way, startMs });
const record = recordOf({ exchanges: [], faults: [{ step: 'down', fromMs: 100, toMs: 200, instances: ['payments-1'] }] });
const fault = record.faults[0] as FaultWindow;
const found = (connections: typeof record.connections) =>
  cutDials({ ...record, connections }, { from: ['gateway-1'], to: ['payments-1'], fault });

describe('cutDials', () => {
  it('takes those of the callers that began while the fault was on', () => {
    const other = cutDial({ from: 'gateway-2', to: 'payments-1', startMs: 150 });
    const dials = found([dial(99), dial(100), other, dial(199), dial(200)]);
    expect(dials.map(({ startMs }) => startMs)).toEqual([100, 199]);
    expect(dials[0]).toMatchObject({ ...way, end: 'faultReset', applied: [fault.fault] });
  });

  it('takes none that ended in order, unless the fault was applied to it', () => {
    const closed = { ...dial(150), end: 'closed' as const };
    expect(found([closed])).toEqual([]);
    expect(found([{ ...closed, applied: [fault.fault] }])).toMatchObject([{ end: 'clientClosed' }]);
    expect(found([{ ...dial(150), end: 'faultClosed' }])).toMatchObject([{ end: 'faultReset' }]);
  });

  it('takes none on a link that the fault is not on, unless it was applied to it', () => {
    const stranger = { ...fault, planned: { ...fault.planned, links: [] } };
    expect(cutDials({ ...record, connections: [dial(150)] }, { from: ['gateway-1'], to: ['payments-1'], fault: stranger })).toEqual([]);
  });
});

describe('withDials', () => {
  it('keeps the order of start', () => {
    const dials = found([dial(110), dial(130)]);
    const requests = [100, 120].map((startMs) => ({ startMs }) as RecordedExchange);
    expect(withDials(requests, dials).map(({ startMs }) => startMs)).toEqual([100, 110, 120, 130]);
    expect(withDials(requests, [])).toBe(requests);
  });
});

describe('attributeDials', () => {
  const demand = (startMs: number, endMs: number): Demand => ({ n: startMs, route: 'pay', startMs, endMs, answered: true, attempts: [] });
  const attributed = (demands: readonly Demand[], starts: readonly number[]) => {
    const { demands: all, strays } = attributeDials(demands, found(starts.map(dial)));
    return { attempts: all.map(({ attempts }) => attempts.map(({ startMs }) => startMs)), strays };
  };

  it('gives each to who began last before it, waits and has none', () => {
    expect(attributed([demand(100, 150), demand(110, 150)], [111, 112])).toEqual({ attempts: [[112], [111]], strays: 0 });
  });

  it('gives a further one to the last who waits', () => {
    expect(attributed([demand(100, 150)], [101, 120])).toEqual({ attempts: [[101, 120]], strays: 0 });
  });

  it('counts those for which nobody waits', () => {
    expect(attributed([demand(100, 105), demand(120, 125)], [110, 121, 130])).toEqual({ attempts: [[], [121]], strays: 2 });
  });
});
