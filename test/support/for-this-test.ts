/** What a test starts goes with it, the last first. For the body of a test and what it calls: a hook has no end of a test to wait for. */
import { onTestFinished } from 'vitest';

export function forThisTest<T extends AsyncDisposable>(part: T): T {
  onTestFinished(() => part[Symbol.asyncDispose]());
  return part;
}
