/**
 * The order in which test files begin: those that take minutes first, so that no worker sits idle while another is busy with the last of them.
 * vitest orders by the size of a file where it has not seen it run, and a fresh clone has seen none.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Parts of the paths of the longest, in the order of their length. */
const longest = [
  'e2e/gray-failure',
  'e2e/worked-game-days',
  'e2e/kills',
  'fleet/fleet',
  'e2e/fleet',
  'verdicts/real',
  'e2e/breakdowns',
  'agent/agent',
  'page/play',
  'e2e/paused-leader',
  'e2e/lab',
  'e2e/replay',
  'e2e/sweep',
  'verdicts/verdicts',
  'e2e/process-faults',
  'e2e/together',
  'e2e/interruptions',
  'e2e/signals',
];

const place = ({ moduleId }: TestSpecification): number => {
  const found = longest.findIndex((part) => moduleId.includes(part));
  return found === -1 ? longest.length : found;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}
