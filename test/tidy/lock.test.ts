/**
 * `npm ci` refuses a lock file that leaves out an optional package, even one for a platform it would skip; and `npm install` leaves one out
 * when its registry cannot serve it. Then the first command of the README fails on every fresh machine, and nowhere else.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './source.js';

interface Lock {
  packages: Record<string, { version?: string; optionalDependencies?: Record<string, string>; dependencies?: Record<string, string> }>;
}

/** What the lock file asks for and does not hold, at any depth. */
function missing({ packages }: Lock): string[] {
  const held = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)));
  return Object.values(packages)
    .flatMap(({ dependencies = {}, optionalDependencies = {} }) => Object.keys({ ...dependencies, ...optionalDependencies }))
    .filter((name) => !held.has(name));
}

describe('the lock file', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;

  it('holds every package that it asks for, those of other platforms too', () => {
    expect(missing(lock)).toEqual([]);
  });

  it('would be caught without one', () => {
    expect(
      missing({ packages: { '': { dependencies: { a: '1.0.0' } }, 'node_modules/a': { optionalDependencies: { b: '1.0.0' } } } }),
    ).toEqual(['b']);
  });

  it('holds the versions that package.json pins, and each pin is exact', () => {
    for (const [name, version] of Object.entries({ ...wanted.dependencies, ...wanted.devDependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });
});
