import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { json } from '../../../src/reports/json.js';
import { cli } from '../../support/cli.js';
import { gameDayReport } from '../../support/journal.js';

const FOLDER = new URL('../../../experiments/', import.meta.url);

async function validatorOf(...args: readonly string[]) {
  const { code, out } = await cli('schema', ...args);
  expect(code).toBe(0);
  return new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(out) as object);
}

describe('faultlab schema', () => {
  // It is large, and a reader compiles it slowly: once is enough.
  const experiment = validatorOf();

  it('accepts every shipped experiment, as a second reader of the schema sees it', async () => {
    const isValid = await experiment;
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files)
      expect([file, isValid(parse(readFileSync(new URL(file, FOLDER), 'utf8'))), isValid.errors]).toEqual([file, true, null]);
  });

  it('refuses an experiment with a key or a fault that there is none of', async () => {
    const isValid = await experiment;
    const good = parse(readFileSync(new URL('gray-failure.yaml', FOLDER), 'utf8')) as { method: { fault?: object }[] };
    expect(isValid({ ...good, mehtod: [] })).toBe(false);
    const method = good.method.map((step) => (step.fault === undefined ? step : { ...step, fault: { ...step.fault, type: 'abrot' } }));
    expect(isValid({ ...good, method })).toBe(false);
  });

  it('describes the JSON report', async () => {
    const isValid = await validatorOf('report');
    const report = JSON.parse(json.render(gameDayReport({ ratePerSecond: 6, pace: 0.1 }))) as object;
    expect([isValid(report), isValid.errors]).toEqual([true, null]);
    expect(isValid({ ...report, verdict: 'ok' })).toBe(false);
  });

  it('says which documents there are', async () => {
    expect(await cli('schema', 'journal')).toMatchObject({ code: 64, err: expect.stringContaining('experiment or report') });
  });
});
