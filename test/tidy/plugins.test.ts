import { describe, expect, it } from 'vitest';
import { faults } from '../../src/dataplane/faults/catalog.js';
import { shippedCatalogs } from '../../src/experiment/catalogs.js';
import { probes } from '../../src/orchestrator/probes/catalog.js';
import { stepKinds } from '../../src/orchestrator/steps/catalog.js';
import { stopConditions } from '../../src/orchestrator/stop-conditions/catalog.js';
import { loadModels } from '../../src/orchestrator/workloads/models/catalog.js';
import { reporters } from '../../src/reports/catalog.js';
import { checks } from '../../src/verify/checks/catalog.js';
import { historyCheckers } from '../../src/verify/histories/catalog.js';
import { mechanisms } from '../../src/verify/mechanisms/catalog.js';
import { presets } from '../../src/verify/presets/catalog.js';
import { membersOf, pluginNameBreaches } from './rules.js';
import { readSources, sourceOf } from './source.js';

const catalogs = [faults, checks, mechanisms, probes, stopConditions, loadModels, reporters];
const sources = readSources('src');
const members = new Set(sources.filter(({ path }) => path.endsWith('/registry.ts')).flatMap((s) => membersOf(s).map((m) => m.path)));

/** Names that are words of the engine as well; there they mean the effect, a breaker’s state, the protocol, the format or the end of an answer, not the plugin. */
const WORDS_OF_THE_ENGINE = new Set([
  'delay',
  'duplicate',
  'goaway',
  'hold',
  'reset',
  'halfOpen',
  'http',
  'tcp',
  'wire',
  'probe',
  'none',
  'open',
  'closed',
  'json',
  'text',
  'html',
  'timeout',
  'process',
  'pause',
]);
/** Checks that every plan gets without asking: the planner has to name them. */
const IMPLICIT_CHECKS = new Set(['steadyState', 'faultWasFelt']);

const ENGINE = /^src\/(?:core|journal|dataplane|experiment|orchestrator|control|verify|reports)\//;
const names = catalogs.flatMap((c) => c.names).filter((name) => !WORDS_OF_THE_ENGINE.has(name));
const engine = sources.filter(({ path }) => ENGINE.test(path) && !members.has(path));

describe('definitions', () => {
  it.each([...catalogs, presets, historyCheckers].flatMap((catalog) => catalog.all.map((d) => [`${catalog.kind} ${d.name}`, d] as const)))(
    '%s has a summary that is a sentence and an example that its schema accepts',
    (_name, { summary, schema, example }) => {
      expect(summary).toMatch(/^[A-Z][^\n]*\.$/);
      expect(schema.safeParse(example).error?.message).toBeUndefined();
    },
  );

  it.each(stepKinds.all.map((kind) => [kind.name, kind] as const))(
    'step %s has a summary that is a sentence and an example that its schema accepts',
    (_name, { summary, schema, example }) => {
      expect(summary).toMatch(/^[A-Z][^\n]*\.$/);
      expect(schema(shippedCatalogs).safeParse(example).error?.message).toBeUndefined();
    },
  );

  it.each([...catalogs, stepKinds].map((catalog) => [catalog.kind, catalog] as const))(
    'of the kind %s are named after their files',
    (_kind, catalog) => {
      const files = [...members].map((path) => path.replace(/^.*\/|\.ts$/g, ''));
      const kebab = (name: string): string => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
      expect(catalog.names.filter((name) => !files.includes(kebab(name)))).toEqual([]);
    },
  );
});

describe('the engine', () => {
  it('knows no plugin by its name', () => {
    const implicit = names.filter((name) => IMPLICIT_CHECKS.has(name));
    const others = names.filter((name) => !IMPLICIT_CHECKS.has(name));
    expect(pluginNameBreaches(engine, others)).toEqual([]);
    const beyondPlanner = engine.filter(({ path }) => !path.startsWith('src/experiment/'));
    expect(pluginNameBreaches(beyondPlanner, implicit)).toEqual([]);
  });

  it('would be caught knowing one, and may speak of it', () => {
    const knows = sourceOf('src/dataplane/pipeline.ts', `if (fault.name === 'latency') hold();`);
    const speaks = sourceOf('src/dataplane/pipeline.ts', `// a 'latency' holds\n * or 'latency' here\nconst text = 'latency is held';`);
    expect(pluginNameBreaches([knows], ['latency'])).toHaveLength(1);
    expect(pluginNameBreaches([speaks], ['latency'])).toEqual([]);
  });
});
