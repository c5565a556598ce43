/** Whom systemd means by a unit: all who are in the control group of its main process, and in groups below it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where systemd keeps count, by the line of /proc/PID/cgroup that says in which group: a tree of its own beside those of version 1, else that of version 2. */
const TREES = [
  { line: /^\d+:name=systemd:(.*)$/m, root: '/sys/fs/cgroup/systemd' },
  { line: /^0::(.*)$/m, root: '/sys/fs/cgroup' },
];

/** Pids; none where the process is gone or its group is not seen from here. `placeOf` and `trees` are for tests. */
export function unitMembers(main: number, { placeOf = placeOnMachine, trees = TREES }: Sources = {}): readonly number[] {
  try {
    const place = placeOf(main);
    for (const { line, root } of trees) {
      const group = line.exec(place)?.[1];
      if (group !== undefined) return membersBelow(join(root, group));
    }
  } catch {
    // See above.
  }
  return [];
}

interface Sources {
  placeOf?: (pid: number) => string;
  trees?: readonly { line: RegExp; root: string }[];
}

const placeOnMachine = (pid: number): string => readFileSync(`/proc/${pid}/cgroup`, 'latin1');

function membersBelow(group: string): readonly number[] {
  const own = readFileSync(join(group, 'cgroup.procs'), 'latin1').split('\n').filter(Boolean).map(Number);
  const below = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...own, ...below.flatMap(({ name }) => membersBelow(join(group, name)))];
}
