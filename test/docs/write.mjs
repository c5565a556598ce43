/** `npm run docs`: fills the README's tables from the built catalogs. The test beside it fails while they are stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as commands from '../../dist/cli/registry.js';
import { EXIT, errorCodes, LabError } from '../../dist/core/errors.js';
import { faults } from '../../dist/dataplane/faults/catalog.js';
import { probes } from '../../dist/orchestrator/probes/catalog.js';
import { stepKinds } from '../../dist/orchestrator/steps/catalog.js';
import { stopConditions } from '../../dist/orchestrator/stop-conditions/catalog.js';
import { loadModels } from '../../dist/orchestrator/workloads/models/catalog.js';
import { reporters } from '../../dist/reports/catalog.js';
import { checks } from '../../dist/verify/checks/catalog.js';
import { fillTables, tablesOf } from './tables.mjs';

const readme = fileURLToPath(new URL('../../README.md', import.meta.url));
const before = readFileSync(readme, 'utf8');
const after = fillTables(
  before,
  tablesOf({
    faults: faults.all,
    checks: checks.all,
    probes: probes.all,
    steps: stepKinds.all,
    stops: stopConditions.all,
    loads: loadModels.all,
    reporters: reporters.all,
    commands: Object.values(commands),
    exits: EXIT,
    errors: (details) => errorCodes.map((code) => new LabError(code, details)),
  }),
);
if (after !== before) writeFileSync(readme, after);
console.log(after === before ? 'README.md: every table is up to date' : 'README.md: tables written');
