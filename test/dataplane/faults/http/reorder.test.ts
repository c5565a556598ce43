import { describe, expect, it } from 'vitest';
import type { HttpDecision } from '../../../../src/dataplane/faults/fault.js';
import { reorder } from '../../../../src/dataplane/faults/http/reorder.js';
import { answer, decider } from '../../../support/http-fault.js';

const isOpen = (decision: HttpDecision): boolean | undefined => (decision.kind === 'hold' ? decision.gate.isOpen : undefined);

describe('reorder', () => {
  it.each([{ wait: '0s' }, { wait: 5 }, { wait: '-1s' }, { gap: '1s' }])('refuses %j', (value) => {
    expect(reorder.schema.safeParse(value).success).toBe(false);
  });

  it('holds one until the next has passed, and then another', () => {
    const decide = decider(reorder, { wait: '2s' });
    const first = decide();
    expect(first).toMatchObject({ kind: 'hold', limitMs: 2_000 });
    const second = decide({ nowMs: 100 });
    expect(second.kind).toBe('watch');
    expect(isOpen(first)).toBe(false);
    if (second.kind === 'watch') second.passed();
    expect(isOpen(first)).toBe(true);
    expect(decide({ nowMs: 200 }).kind).toBe('hold');
  });

  it('lets nobody wait for one that has gone on: in time, or because it was released', () => {
    const decide = decider(reorder, { wait: '2s' });
    decide();
    const late = decide({ nowMs: 2_000 });
    expect(late.kind).toBe('hold');
    if (late.kind === 'hold') late.gate.open();
    expect(decide({ nowMs: 2_001 }).kind).toBe('hold');
  });

  it('has requests wait for requests and responses for responses', () => {
    const decide = decider(reorder);
    const kinds = [decide(), decide({ response: answer() }), decide(), decide({ response: answer() })].map(({ kind }) => kind);
    expect(kinds).toEqual(['hold', 'hold', 'watch', 'watch']);
  });
});
