import { describe, expect, it } from 'vitest';
import { PeopleDesk } from '../../src/control/people-desk.js';
import { Daemon } from '../../src/dataplane/daemon.js';
import { VirtualClock } from '../support/clock.js';

function desk(): { daemon: Daemon; desk: PeopleDesk } {
  const daemon = new Daemon({ clock: new VirtualClock({ startMs: 50 }), environment: 'local' });
  return { daemon, desk: new PeopleDesk(daemon) };
}
const words = async (daemon: Daemon) =>
  (await daemon.observations.readOrWait({ after: 0, max: 100, waitMs: 0, signal: AbortSignal.timeout(5_000) })).observations;
const gate = { run: 'r', question: 'go on?', by: [], sets: [] };

describe('what people say into a run', () => {
  it('is refused while there is none', () => {
    expect(() => desk().desk.note({ text: 'x', by: 'ann' })).toThrow('no run uses this daemon');
  });

  it('comes into the stream with its time and its author', async () => {
    const { daemon, desk: people } = desk();
    daemon.claim('r');
    expect(people.note({ text: 'slow', by: 'ann' })).toEqual({ run: 'r' });
    people.open('go', gate);
    people.answer('go', { decision: 'approved', by: 'bob' });
    expect(await words(daemon)).toEqual([
      { kind: 'note', run: 'r', text: 'slow', by: 'ann', atMs: 50 },
      { kind: 'gate', run: 'r', gate: 'go', decision: 'approved', by: 'bob', atMs: 50 },
    ]);
  });
});

describe('a gate', () => {
  it('takes one answer, of somebody whom it names', () => {
    const { daemon, desk: people } = desk();
    daemon.claim('r');
    people.open('go', { ...gate, by: ['ann'] });
    expect(() => people.answer('go', { decision: 'approved', by: 'bob' })).toThrow('waits for ann, not for bob');
    people.answer('go', { decision: 'refused', by: 'ann' });
    expect(() => people.answer('go', { decision: 'approved', by: 'ann' })).toThrow('no gate "go" waits; waiting: none');
  });

  it('is gone with its run', () => {
    const { daemon, desk: people } = desk();
    daemon.claim('r');
    people.open('go', gate);
    expect(people.gates).toHaveLength(1);
    daemon.release('r');
    expect(people.gates).toEqual([]);
  });

  it('cannot be opened by a run that does not hold the daemon, nor without bound', () => {
    const { daemon, desk: people } = desk();
    daemon.claim('r');
    expect(() => people.open('go', { ...gate, run: 'other' })).toThrow('run r is using this daemon');
    for (let i = 0; i < 100; i += 1) people.open(`g${i}`, gate);
    expect(() => people.open('one more', gate)).toThrow('the bound of 100 is reached');
    expect(people.open('g5', { ...gate, question: 'again?' })).toMatchObject({ question: 'again?' });
  });
});

describe('an answer that sets inputs', () => {
  const sets = [{ input: 'fencing', values: ['on', 'off'] }];
  const again = (inputs: Readonly<Record<string, string>>) => ({ decision: 'approved', by: 'ann', inputs }) as const;
  function waiting(given: { sets: typeof sets } = { sets }) {
    const made = desk();
    made.daemon.claim('r');
    made.desk.open('enough', { ...gate, ...given });
    return made;
  }

  it('comes into the stream with them, and a second one finds nothing that waits', async () => {
    const { daemon, desk: people } = waiting();
    people.answer('enough', again({ fencing: 'off' }));
    expect(await words(daemon)).toMatchObject([{ kind: 'gate', gate: 'enough', decision: 'approved', inputs: { fencing: 'off' } }]);
    expect(() => people.answer('enough', again({ fencing: 'on' }))).toThrow('no gate "enough" waits');
  });

  it('is refused with what was expected, and the gate still waits', () => {
    const { desk: people } = waiting();
    const refused = (inputs: Readonly<Record<string, string>>) => () => people.answer('enough', again(inputs));
    expect(refused({ fencing: 'maybe' })).toThrow('gate "enough": fencing: expected one of on, off, found "maybe"');
    expect(refused({ fence: 'off' })).toThrow('"fence" is none of its switches: fencing');
    expect(refused({ constructor: 'off' })).toThrow('none of its switches');
    expect(refused({})).toThrow('expected at least one of fencing');
    expect(() => people.answer('enough', { ...again({ fencing: 'off' }), decision: 'refused' })).toThrow('expected "decision": "approved"');
    expect(people.gates).toHaveLength(1);
  });

  it('is refused by a run that nobody begins again', () => {
    const { desk: people } = waiting({ sets: [] });
    expect(() => people.answer('enough', again({ fencing: 'off' }))).toThrow('only what `faultlab lab play` has started is');
  });
});
