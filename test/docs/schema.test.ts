/** The JSON Schema beside the shipped experiments is the one that an editor checks them by as they are written. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { experimentJsonSchema } from '../../src/experiment/json-schema.js';

const FOLDER = new URL('../../experiments/', import.meta.url);
const schemaText = readFileSync(new URL('faultlab.schema.json', FOLDER), 'utf8');
const experiments = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

const validate = new Ajv2020({ strict: false, allErrors: true, logger: false }).compile(JSON.parse(schemaText));
const complaints = (text: string): readonly string[] =>
  validate(parse(text)) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);

describe('the schema for editors', () => {
  it('is up to date (`npm run docs` writes it)', () => {
    expect(schemaText).toBe(`${JSON.stringify(experimentJsonSchema(), null, 2)}\n`);
  });

  it('is named in the first line of every shipped experiment', () => {
    expect(experiments.length).toBeGreaterThan(1);
    for (const name of experiments)
      expect(read(name).split('\n', 1)[0], name).toBe('# yaml-language-server: $schema=./faultlab.schema.json');
  });

  it.each(experiments)('finds nothing wrong with %s', (name) => {
    expect(complaints(read(name))).toEqual([]);
  });

  it('knows a game day that names experiments, and what is wrong with it', () => {
    const day = 'apiVersion: faultlab/v1\nkind: GameDay\nmetadata: {name: day}\nexperiments: [a.yaml, {file: b.yaml, vars: {rate: 5}}]\n';
    expect(complaints(day)).toEqual([]);
    expect(complaints(day.replace('vars', 'var'))).not.toEqual([]);
    expect(complaints(`${day}method: []\n`)).not.toEqual([]);
  });

  it('finds slips in each part of an experiment', () => {
    const text = read('gray-failure.yaml');
    const slips = [
      ['percentage: 40', 'percentge: 40'],
      ['warmUp: 3s', 'warmUp: [3s]'],
      ['type: wire #', 'type: wyre #'],
      ['during: payments-down', 'during: 5'],
      ['metric: p99, criteria', 'metrik: p99, criteria'],
    ] as const;
    for (const [from, to] of slips) {
      expect(text, from).toContain(from);
      expect(complaints(text.replace(from, to)), to).not.toEqual([]);
    }
  });
});
