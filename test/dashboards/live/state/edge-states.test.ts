import { describe, expect, it } from 'vitest';
import { edgeStates } from '../../../../dashboards/live/src/state/edge-states.js';
import { topologyOf } from '../../../../dashboards/live/src/state/topology.js';

const { links } = topologyOf(
  null,
  ['gateway-1->inventory-3', 'gateway-1->inventory-4', 'gateway-1->payments-1', 'audit-1->inventory-3'].map((name) => ({
    name,
    protocol: 'http',
    listen: '',
    upstream: '',
    enabled: true,
    protected: false,
    tls: [],
  })),
);
const lane = (subject: string, kind: 'breaker' | 'ejection', ...states: string[]) => ({
  subject,
  kind,
  segments: states.map((state, i) => ({ state, fromMs: i, toMs: i + 1 })),
});

describe('states on the edges', () => {
  it('are the newest of their lanes, on the links that the subject names', () => {
    const states = edgeStates(
      [lane('gateway -> payments', 'breaker', 'closed', 'open'), lane('gateway: inventory-3', 'ejection', 'ejected')],
      links,
    );
    expect([...states]).toEqual([
      ['gateway-1->payments-1', [{ kind: 'breaker', state: 'open', untilMs: 2 }]],
      ['gateway-1->inventory-3', [{ kind: 'ejection', state: 'ejected', untilMs: 1 }]],
    ]);
  });

  it('are on every link to an instance that is named alone, and nowhere when all is calm', () => {
    expect([...edgeStates([lane('inventory-3', 'ejection', 'ejected')], links).keys()]).toEqual([
      'gateway-1->inventory-3',
      'audit-1->inventory-3',
    ]);
    expect(
      edgeStates([lane('inventory-3', 'ejection', 'ejected', 'in'), lane('gateway -> payments', 'breaker', 'closed')], links).size,
    ).toBe(0);
  });
});
