import { describe, expect, it } from 'vitest';
import { carryOut } from '../../../src/orchestrator/method.js';
import type { ObservationPump } from '../../../src/orchestrator/observation-pump.js';
import type { Person } from '../../../src/orchestrator/person.js';
import { methodRig, plannedStep } from '../../support/method-rig.js';

const step = (given: object = {}) =>
  plannedStep('approve', { by: ['ann'], question: 'now?', timeoutMs: 20_000, onTimeout: 'stop', ...given }, { name: 'go' });

/** A data plane at which a gate is answered as soon as it is open, or never. */
async function rigWith(decision: 'approved' | 'refused' | undefined) {
  let answer: (word: { decision: string; by: string }) => void = () => {};
  const closed: string[] = [];
  const onGateAnswered = (_gate: string, listener: typeof answer): void => {
    answer = listener;
  };
  const pump = { onGateAnswered } as unknown as ObservationPump;
  const openGate = async () => (decision === undefined ? undefined : answer({ decision, by: 'ann' }));
  return { closed, rig: await methodRig({ driver: { openGate, closeGate: async (gate) => void closed.push(gate) }, ports: { pump } }) };
}
const gates = (events: readonly { type: string }[]) => events.filter(({ type }) => type.startsWith('gate'));

describe('an approve step', () => {
  it('goes on when somebody approves, and tells who', async () => {
    const { rig, closed } = await rigWith('approved');
    await using own = rig;
    await own.carryOut([step()]);
    expect(gates(own.events)).toMatchObject([
      { type: 'gateOpened', by: ['ann'] },
      { type: 'gateClosed', decision: 'approved', by: 'ann' },
    ]);
    expect(closed).toEqual(['go']);
  });

  it('says which inputs may be set, and tells which were', async () => {
    let answer: (word: object) => void = () => {};
    const opened: object[] = [];
    const pump = { onGateAnswered: (_gate: string, listener: typeof answer) => (answer = listener) } as unknown as ObservationPump;
    const openGate = async (_name: string, gate: object): Promise<void> => {
      opened.push(gate);
      answer({ decision: 'approved', by: 'ann', inputs: { fencing: 'off' } });
    };
    const sets = [{ input: 'fencing', values: ['on', 'off'] }];
    await using own = await methodRig({ driver: { openGate }, ports: { pump, sets } });
    await own.carryOut([step()]);
    expect(opened).toMatchObject([{ sets }]);
    expect(gates(own.events).at(-1)).toMatchObject({ decision: 'approved', by: 'ann', inputs: { fencing: 'off' } });
  });

  it('stops the run when somebody refuses', async () => {
    const { rig } = await rigWith('refused');
    await using own = rig;
    await expect(own.carryOut([step()])).rejects.toThrow('step go: ann refused');
  });

  it('takes the answer of whoever sits at the terminal, and closes the gate elsewhere', async () => {
    const { rig, closed } = await rigWith(undefined);
    await using own = rig;
    const asked: object[] = [];
    const signals: AbortSignal[] = [];
    const person: Person = {
      decide: async (gate, signal) => {
        asked.push(gate);
        signals.push(signal);
        return { decision: 'approved', by: 'eve' };
      },
    };
    await carryOut({ ...own.ports, person }, { steps: [step()], deadlines: [] }, new AbortController().signal);
    expect(asked).toEqual([{ name: 'go', question: 'now?', by: ['ann'] }]);
    expect(gates(own.events).at(-1)).toMatchObject({ decision: 'approved', by: 'eve' });
    expect(closed).toEqual(['go']);
    expect(signals[0]?.aborted).toBe(true);
  });

  it('stops the run when nobody answers, unless silence is consent', async () => {
    const { rig } = await rigWith(undefined);
    await using own = rig;
    await expect(own.carryOut([step({ timeoutMs: 20 })])).rejects.toMatchObject({ code: 'STEP_FAILED' });
    await own.carryOut([step({ timeoutMs: 20, onTimeout: 'continue' })]);
    expect(gates(own.events).at(-1)).toMatchObject({ decision: 'timedOut' });
  });
});
