import { describe, expect, it } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import { JournalWriter } from '../../../src/journal/writer.js';
import { faultStep, methodRig } from '../../support/method-rig.js';

describe('a fault step', () => {
  it('writes the intent to disk before it injects', async () => {
    const before: string[] = [];
    await using rig = await methodRig({ inject: async () => void before.push(...rig.events.map((e) => e.type)) });
    await rig.carryOut([faultStep('f')]);
    expect(before).toContain('faultIntended');
    expect(rig.injected).toEqual(['r/f']);
    expect(rig.order()).toEqual(['+f', '-f completed']);
  });

  it('has the fault choose its victims by the step, so that they are the same in the next run', async () => {
    const cohorts: (string | undefined)[] = [];
    await using rig = await methodRig({ inject: async (_id, cohort) => void cohorts.push(cohort) });
    await rig.carryOut([faultStep('slow')]);
    expect(cohorts).toEqual(['slow']);
  });

  it('ends without the news of its end where whoever can be asked says that it is not on, and fails where it is', async () => {
    const silent = { inject: async () => {}, newsWithinMs: 20 };
    await using gone = await methodRig({ driver: { ...silent, active: async () => [{ id: 'r/other' }] } });
    await gone.carryOut([faultStep('f')]);
    expect(gone.order()).toEqual(['+f', '-f completed']);
    expect(gone.events.map((event) => (event.type === 'note' ? event.text : ''))).toContainEqual(
      expect.stringContaining('not on any more'),
    );
    await using stays = await methodRig({ driver: { ...silent, active: async () => [{ id: 'r/f' }] } });
    await expect(stays.carryOut([faultStep('f')])).rejects.toMatchObject({ code: 'HEALING_UNCONFIRMED' });
  });

  it('injects nothing when the journal cannot be written', async () => {
    await using full = await JournalWriter.open('/dev/full', hostClock);
    await using rig = await methodRig({ ports: { journal: full } });
    await expect(rig.carryOut([faultStep('f')])).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
    expect(rig.injected).toEqual([]);
  });
});
