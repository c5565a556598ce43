import { describe, expect, it } from 'vitest';
import { createJobQueue } from '../../../src/lab/shop/job-queue.js';

describe('a queue of jobs', () => {
  it('hands out the oldest first, and nothing when it is empty', () => {
    const jobs = createJobQueue({ waitingMax: 10 });
    for (const key of ['a', 'b']) jobs.add(key);
    expect([jobs.take(), jobs.take(), jobs.take()]).toEqual(['a', 'b', undefined]);
  });

  it('refuses what it has no place for, and takes again when somebody has taken', () => {
    const jobs = createJobQueue({ waitingMax: 2 });
    expect(['a', 'b', 'c'].map(jobs.add)).toEqual([true, true, false]);
    jobs.take();
    expect([jobs.add('c'), jobs.waiting()]).toEqual([true, 2]);
  });

  it('knows a job that waits already, full or not', () => {
    const jobs = createJobQueue({ waitingMax: 1 });
    expect([jobs.add('a'), jobs.add('a'), jobs.waiting()]).toEqual([true, true, 1]);
  });
});
