import { describe, expect, it } from 'vitest';
import { lastsMs, scenario } from '../../../src/orchestrator/detector-trial/scenario.js';

const acts = scenario({ intervalMs: 100, times: 5, seed: 1 });

describe('the scenario', () => {
  it('pauses and kills as often as asked, with calm between', () => {
    const kinds = acts.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'stopped')).toHaveLength(5);
    expect(kinds.filter((kind) => kind === 'dead')).toHaveLength(5);
    expect(kinds.filter((kind, i) => kind !== 'calm' && kinds[i + 1] !== 'calm')).toEqual([]);
  });

  it('pauses for one to six intervals, and crashes for longer than any pause', () => {
    const lengths = (kind: string) => acts.filter((act) => act.kind === kind).map((act) => act.lastsMs);
    expect(Math.min(...lengths('stopped'))).toBeGreaterThanOrEqual(100);
    expect(Math.max(...lengths('stopped'))).toBeLessThanOrEqual(600);
    expect(Math.min(...lengths('dead'))).toBeGreaterThan(600);
  });

  it('is the same for the same seed, and another for another', () => {
    expect(scenario({ intervalMs: 100, times: 5, seed: 1 })).toEqual(acts);
    expect(scenario({ intervalMs: 100, times: 5, seed: 2 })).not.toEqual(acts);
  });

  it('says how long it takes', () => {
    expect(lastsMs(acts)).toBe(acts.reduce((sum, act) => sum + act.lastsMs, 0));
  });
});
