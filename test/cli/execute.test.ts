/** What a run does is shown in test/e2e; here is what it ends with when its journal is of no use. */
import { describe, expect, it } from 'vitest';
import { closed, unjudged } from '../../src/cli/execute.js';
import { LabError } from '../../src/core/errors.js';

describe('a run whose journal cannot be read back', () => {
  const unreadable = new LabError('JOURNAL_UNREADABLE', { file: 'j', reason: 'gone' });

  it('is dirty all the same where healing was not confirmed', () => {
    expect(unjudged({ cleanup: 'dirty' }, unreadable)).toMatchObject({ exit: 5, message: expect.stringContaining('j: gone') });
    expect(unjudged({ cleanup: 'confirmed' }, unreadable)).toBe(unreadable);
  });
});

describe('a journal that cannot be closed', () => {
  const journal = (failure?: Error) => ({ path: 'j', failure, close: () => Promise.reject(new Error('no such device')) });

  it('is told, and takes nothing of the run’s end with it', async () => {
    expect(await closed(journal())).toMatchObject({ code: 'JOURNAL_FAILED', message: expect.stringContaining('no such device') });
    const failure = new Error('before');
    expect(await closed(journal(failure))).toBe(failure);
    expect(await closed({ path: 'j', failure: undefined, close: async () => {} })).toBeUndefined();
  });
});
