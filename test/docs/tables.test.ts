import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as commands from '../../src/cli/registry.js';
import { families } from '../../src/control/metrics/families.js';
import { type Details, EXIT, errorCodes, LabError } from '../../src/core/errors.js';
import { faults } from '../../src/dataplane/faults/catalog.js';
import { probes } from '../../src/orchestrator/probes/catalog.js';
import { stepKinds } from '../../src/orchestrator/steps/catalog.js';
import { stopConditions } from '../../src/orchestrator/stop-conditions/catalog.js';
import { loadModels } from '../../src/orchestrator/workloads/models/catalog.js';
import { reporters } from '../../src/reports/catalog.js';
import { checks } from '../../src/verify/checks/catalog.js';
import { readLab } from './lab-tables.mjs';
import { blocksOf, fillTables, tablesOf } from './tables.mjs';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const tables: Record<string, string> = tablesOf({
  faults: faults.all,
  checks: checks.all,
  probes: probes.all,
  steps: stepKinds.all,
  stops: stopConditions.all,
  loads: loadModels.all,
  reporters: reporters.all,
  commands: Object.values(commands),
  metrics: Object.values(families),
  exits: EXIT,
  errors: (details: Details) => errorCodes.map((code) => new LabError(code, details)),
  lab: readLab(),
});

describe('the tables of the README', () => {
  it('are up to date (`npm run docs` writes them)', () => {
    expect(readme).toBe(fillTables(readme, tables));
  });

  it('are all there', () => {
    expect(new Set(blocksOf(readme))).toEqual(new Set(Object.keys(tables)));
  });

  it('would be caught stale, and a block for which there is no table too', () => {
    const stale = readme.replace(/\| `PLAN_INVALID` .*\n/, '');
    expect(stale).not.toBe(readme);
    expect(fillTables(stale, tables)).not.toBe(stale);
    expect(() => fillTables('<!-- table: gossip --><!-- /table -->', tables)).toThrow(/no such table/);
  });

  it('leave no row behind: none stands twice', () => {
    const twice = (text: string) => {
      const rows = text.split('\n').filter((line) => line.startsWith('| `'));
      return rows.filter((row, i) => rows.indexOf(row) !== i);
    };
    const row = (tables['probes'] ?? '').split('\n').at(-1) ?? '';
    expect(twice(readme)).toEqual([]);
    expect(twice(`${readme}\n${row}`)).toEqual([row]);
  });

  it('explain every exit code', () => {
    expect(tables['exits']).not.toContain('UNDOCUMENTED');
  });

  it('keep a row in one line whatever it holds', () => {
    const rows = Object.values(tables).flatMap((table) => table.split('\n'));
    expect(rows.filter((row) => !/^\| .* \|$/.test(row))).toEqual([]);
  });
});
