/** Who belongs to a unit, in folders as the kernel shows them: with a tree of systemd's own beside those of version 1, with version 2 alone, and without either. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unitMembers } from '../../../src/orchestrator/services/unit-members.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unit-'));
});
afterEach(() => rm(folder, { recursive: true }));

function group(tree: string, path: string, pids: readonly number[]): void {
  mkdirSync(join(folder, tree, path), { recursive: true });
  writeFileSync(join(folder, tree, path, 'cgroup.procs'), pids.map((pid) => `${pid}\n`).join(''));
}

const membersIn = (place: string) => {
  const trees = [
    { line: /^\d+:name=systemd:(.*)$/m, root: join(folder, 'own') },
    { line: /^0::(.*)$/m, root: join(folder, 'unified') },
  ];
  return unitMembers(7, { placeOf: () => place, trees });
};

it.each([
  ['the tree of systemd, where there is one', '9:name=systemd:/system.slice/web.service\n5:cpu:/\n0::/elsewhere\n', 'own'],
  ['that of version 2', '0::/system.slice/web.service\n', 'unified'],
])('are those of %s, in its group and below it', (_which, place, tree) => {
  group(tree, 'system.slice', [1]);
  group(tree, 'system.slice/web.service', [7, 8]);
  group(tree, 'system.slice/web.service/workers', [9]);
  group(tree, 'system.slice/other.service', [10]);
  expect(membersIn(place)).toEqual([7, 8, 9]);
});

it.each([
  ['its group is not seen', '0::/system.slice/web.service\n'],
  ['it is in none', '5:cpu:/\n'],
])('are nobody where %s', (_where, place) => {
  expect(membersIn(place)).toEqual([]);
});

it('are nobody where the process is gone', () => {
  expect(unitMembers(2 ** 30)).toEqual([]);
});
