import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as rules from './rules.js';
import { readSources, root, type Source, sourceOf } from './source.js';

const sources = readSources('src');
const page = readSources('dashboards/live/src');
const rooms = rules.readRooms(readFileSync(join(root, 'src/README.md'), 'utf8'));

/** One bad file for a rule to catch: a rule that lets it pass guards nothing. */
const bad = (path: string, text: string): Source[] => [sourceOf(path, text)];

describe('the table of rooms', () => {
  it('is read from src/README.md, every room of it', () => {
    const folders = new Set(sources.flatMap(({ path }) => /^src\/([^/]+)\//.exec(path)?.[1] ?? []));
    expect([...folders].filter((folder) => !rooms.has(folder))).toEqual([]);
    expect(rooms.get('core')).toEqual([]);
    expect(rooms.get('cli')).toEqual(['*']);
  });

  it('is obeyed by every import', () => {
    expect(rules.roomBreaches(sources, rooms)).toEqual([]);
  });

  it('would catch a breach, also by way of a type or of a folder that is only partly open', () => {
    expect(rules.roomBreaches(bad('src/core/x.ts', `import { a } from '../journal/record.js';`), rooms)).toHaveLength(1);
    expect(rules.roomBreaches(bad('src/verify/x.ts', `import type { A } from '../dataplane/daemon.js';`), rooms)).toHaveLength(1);
    expect(rules.roomBreaches(bad('src/experiment/x.ts', `import { a } from '../dataplane/daemon.js';`), rooms)).toHaveLength(1);
    expect(rules.roomBreaches(bad('src/experiment/x.ts', `import { a } from '../dataplane/faults/catalog.js';`), rooms)).toEqual([]);
    expect(rules.roomBreaches(bad('src/attic/x.ts', ''), rooms)).toHaveLength(1);
  });
});

describe('files', () => {
  it('import each other in no circle', () => {
    expect(rules.cycleBreaches(sources)).toEqual([]);
    expect(rules.cycleBreaches(page)).toEqual([]);
  });

  it('would be caught in a circle of three, and not in one of types', () => {
    const file = (name: string, next: string, type = '') => sourceOf(`src/core/${name}.ts`, `import ${type}{ x } from './${next}.js';`);
    expect(rules.cycleBreaches([file('a', 'b'), file('b', 'c'), file('c', 'a')])).toEqual([
      'cycle: src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts',
    ]);
    expect(rules.cycleBreaches([file('a', 'b'), file('b', 'a', 'type ')])).toEqual([]);
  });

  it('take time and chance as arguments', () => {
    expect(rules.hostBreaches(sources)).toEqual([]);
  });

  it.each([
    'const now = Date.now();',
    'const now = new Date();',
    'const now = performance.now();',
    'setTimeout(run, 5);',
    'const timer = globalThis.setInterval(run, 5);',
    'setImmediate(run);',
    'const u = Math.random();',
    'const t = process.hrtime();',
    `import { setTimeout } from 'node:timers/promises';`,
    `import { performance } from 'node:perf_hooks';`,
    'const text = `at $' + '{Date.now()}`;',
  ])('would be caught taking them from the host: %s', (line) => {
    expect(rules.hostBreaches(bad('src/cli/x.ts', line)).length).toBeGreaterThan(0);
    expect(rules.hostBreaches(bad('src/core/x.ts', line))).toEqual([]);
  });

  it('may speak of the host, and show a date that they were given', () => {
    const text = `// setTimeout is early\nconst hint = 'not Math.random()';\nconst day = new Date(wallMs);`;
    expect(rules.hostBreaches(bad('src/cli/x.ts', text))).toEqual([]);
  });

  it('of pure rooms touch nothing', () => {
    expect(rules.purityBreaches(sources)).toEqual([]);
  });

  it.each([
    `import { readFileSync } from 'node:fs';`,
    `import net from 'node:net';`,
    'const home = process.env;',
    'await fetch(url);',
    'console.log(1);',
  ])('of pure rooms would be caught: %s', (line) => {
    expect(rules.purityBreaches(bad('src/verify/x.ts', line))).toHaveLength(1);
    expect(rules.purityBreaches(bad('src/journal/record.ts', line))).toHaveLength(1);
    expect(rules.purityBreaches(bad('src/cli/x.ts', line))).toEqual([]);
  });

  it('export by name, leave no task behind and are named after a noun', () => {
    expect(
      rules.habitBreaches([...sources, ...page, ...readSources('test')].filter(({ path }) => !/^test\/(tidy\/|vitest)/.test(path))),
    ).toEqual([]);
  });

  it.each([
    ['src/core/x.ts', 'export default 1;'],
    ['src/core/x.ts', `export * from './y.js';`],
    ['src/core/x.ts', '// TODO later'],
    ['src/core/utils.ts', ''],
  ])('would be caught otherwise: %s, %s', (path, text) => {
    expect(rules.habitBreaches(bad(path, text))).toHaveLength(1);
  });

  it('open by saying what they are for', () => {
    expect(rules.openingBreaches([...sources, ...page])).toEqual([]);
    expect(rules.openingBreaches(bad('src/core/x.ts', `import a from 'a';\n/** Too late. */`))).toHaveLength(1);
  });
});

describe('the page', () => {
  it('makes no markup of text, and takes from the program only types and what merely computes', () => {
    expect(page.length).toBeGreaterThan(0);
    expect(rules.pageBreaches(page)).toEqual([]);
  });

  it.each([
    '<b dangerouslySetInnerHTML={{ __html: name }} />',
    'element.innerHTML = name;',
    `import { judge } from '../../../src/verify/judge.js';`,
    `import { readFileSync } from 'node:fs';`,
  ])('would be caught with: %s', (line) => {
    expect(rules.pageBreaches(bad('dashboards/live/src/x.tsx', line))).toHaveLength(1);
  });

  it('may know the types of the daemon', () => {
    expect(rules.pageBreaches(bad('dashboards/live/src/x.ts', `import type { A } from '../../../src/control/live/contract.js';`))).toEqual(
      [],
    );
  });
});

describe('registries', () => {
  const isRegistry = ({ path }: Source): boolean => path.endsWith('/registry.ts');
  const registries = sources.filter(isRegistry);

  it('hold export lines only, each named after its file', () => {
    expect(registries.length).toBeGreaterThan(0);
    expect([...registries, ...page.filter(isRegistry)].flatMap(rules.registryBreaches)).toEqual([]);
  });

  it.each([
    `export { latency } from './delay.js';`,
    `import './latency.js';`,
    `export const latency = 1;`,
    `export * from './latency.js';`,
  ])('would be caught holding: %s', (line) => {
    expect(rules.registryBreaches(sourceOf('src/x/registry.ts', `/** All. */\n${line}\n`))).toHaveLength(1);
  });

  it('name files that exist, and each of these has its test', () => {
    const members = registries.flatMap((registry) => rules.membersOf(registry));
    const missing = members.flatMap(({ path }) => [path, path.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts')]);
    expect(missing.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('list every definition beside them', () => {
    const shape = /\bdefine(?:\w*Fault|Check|Probe|Plane|Reporter|Command|Workload)\(/;
    const shapes = /(?:fault|check|probe|plane|reporter|command|workload)\.ts$/;
    const definitions = sources.filter(({ path }) => !shapes.test(path));
    expect(registries.flatMap((registry) => rules.unlistedBreaches(registry, definitions, shape))).toEqual([]);
    const [registry] = registries;
    const stray = sourceOf(registry?.path.replace('registry', 'stray') ?? '', 'export const stray = defineCheck({});');
    expect(registry && rules.unlistedBreaches(registry, [stray], shape)).toHaveLength(1);
  });
});
