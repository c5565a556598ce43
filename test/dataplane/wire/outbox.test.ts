import { describe, expect, it } from 'vitest';
import { Outbox } from '../../../src/dataplane/wire/outbox.js';

const turnEnd = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('an outbox', () => {
  it('calls all that were added in one turn when it ends, in their order', async () => {
    const outbox = new Outbox();
    const called: string[] = [];
    outbox.add({ turnEnded: () => called.push('first') });
    outbox.add({ turnEnded: () => called.push('second') });
    await Promise.resolve();
    expect(called).toEqual([]);
    await turnEnd();
    expect(called).toEqual(['first', 'second']);
  });

  it('calls what is added at the end of a turn at the end of the next', async () => {
    const outbox = new Outbox();
    const called: string[] = [];
    outbox.add({ turnEnded: () => outbox.add({ turnEnded: () => called.push('next') }) });
    await turnEnd();
    expect(called).toEqual([]);
    await turnEnd();
    expect(called).toEqual(['next']);
  });
});
