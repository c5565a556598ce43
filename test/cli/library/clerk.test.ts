import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ThreadClerk as Clerk } from '../../../src/cli/library/clerk.js';
import { ThreadClerk } from '../../../src/cli/library/clerk.js';
import { hostClock } from '../../../src/core/clock.js';
import { LabError } from '../../../src/core/errors.js';
import { built } from '../../support/built.js';
import { forThisTest } from '../../support/for-this-test.js';
import { RUN, storedRun } from '../../support/stored-run.js';

const experiments = new URL('../../../experiments', import.meta.url).pathname;

let compiled: string;
beforeAll(() => {
  compiled = built('cli/library/clerk.js');
}, 180_000);

/** As it is shipped: a thread runs compiled files only. */
async function compiledClerk(runs: string): Promise<Clerk> {
  const module = (await import(pathToFileURL(compiled).href)) as { ThreadClerk: typeof ThreadClerk };
  return forThisTest(new module.ThreadClerk({ runs, experiments }, hostClock));
}

describe('the clerk', () => {
  it('answers from a thread, several questions in one go, and goes on after one that is refused', async () => {
    const { out } = forThisTest(await storedRun({ matched: 4 }));
    const clerk = await compiledClerk(out);
    const [list, refused, report] = await Promise.allSettled([
      clerk.ask({ kind: 'runs', limit: 5 }),
      clerk.ask({ kind: 'report', run: '../x', extension: 'json' }),
      clerk.ask({ kind: 'report', run: RUN, extension: 'json' }),
    ]);
    expect(list.status === 'fulfilled' && JSON.parse(list.value)).toMatchObject({ runs: [{ run: RUN }] });
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'RUN_UNKNOWN', hint: expect.any(String), status: 404 } });
    expect(report.status === 'fulfilled' && JSON.parse(report.value)).toMatchObject({ verdict: 'pass' });
  });

  it('has a bound of questions that wait', async () => {
    const clerk = await compiledClerk('/nowhere');
    const asked = Array.from({ length: 25 }, () => clerk.ask({ kind: 'coverage', expireDays: 1 }));
    const settled = await Promise.allSettled(asked);
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(5);
    expect(settled.at(-1)).toMatchObject({ reason: { code: 'BOUND_REACHED' } });
  });

  it('says of a thread that ends under it what could not be worked out, and begins another', async () => {
    // Its thread is a compiled file, which is not beside the source.
    const clerk = forThisTest(new ThreadClerk({ runs: '/nowhere', experiments }, hostClock));
    for (let i = 0; i < 2; i++) {
      const failure = await clerk.ask({ kind: 'shipped' }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(LabError);
      expect(failure).toMatchObject({ code: 'CLERK_FAILED', message: expect.stringContaining('the list of experiments') });
    }
  });
});
