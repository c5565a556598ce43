import { describe, expect, it } from 'vitest';
import { FILES_MAX, readDocument } from '../../src/experiment/include.js';
import { loadExperiment } from '../../src/experiment/load.js';
import { stubCatalogs } from '../support/catalogs.js';
import { edited, SMALL } from '../support/experiment.js';

const reader = (files: Readonly<Record<string, string>>) => (name: string) => {
  const text = files[name];
  if (text === undefined) throw new Error('there is none');
  return { text, file: name };
};
const read = (text: string, files: Readonly<Record<string, string>> = {}) => readDocument({ text, file: 'main.yaml' }, reader(files));

describe('what is included', () => {
  it('is joined key by key, the including file before the included, a later one before an earlier', () => {
    const { data } = read('include: [a.yaml, b.yaml]\nx: {own: 1, both: main}\nlist: [1]\n', {
      'a.yaml': 'x: {both: a, later: a, a: 1}\nlist: [2, 3]\nonly: {a: 1}\n',
      'b.yaml': 'x: {both: b, later: b}\n',
    });
    expect(data).toEqual({ include: ['a.yaml', 'b.yaml'], x: { own: 1, both: 'main', later: 'b', a: 1 }, list: [1], only: { a: 1 } });
  });

  it('may include further files', () => {
    const { data } = read('include: a.yaml\n', { 'a.yaml': 'include: b.yaml\nx: 1\n', 'b.yaml': 'x: 2\ny: 2\n' });
    expect(data).toMatchObject({ x: 1, y: 2 });
  });

  it('is found again with its own file, line and column', () => {
    const { source } = read('include: [a.yaml, b.yaml]\nx: {own: 1}\n', {
      'a.yaml': '\nx: {a: 1, both: 1}\n',
      'b.yaml': '\n\nx: {both: 1}\n',
    });
    expect(source.place(['x', 'own'])).toMatchObject({ file: 'main.yaml', line: 2 });
    expect(source.place(['x', 'a'])).toMatchObject({ file: 'a.yaml', line: 2, column: 8 });
    expect(source.place(['x', 'both'])).toMatchObject({ file: 'b.yaml', line: 3 });
    // What is missing is missing where the most of its path is.
    expect(source.place(['x', 'a', 'deeper'])).toMatchObject({ file: 'a.yaml', line: 2 });
    expect(source.place(['nothing'])).toMatchObject({ file: 'main.yaml', line: 1 });
  });

  it('stays plain data, whatever its keys are', () => {
    const { data } = read('include: a.yaml\n__proto__: {x: 1}\n', { 'a.yaml': '__proto__: {polluted: true}\n' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(data as object)).toContain('__proto__');
  });

  it.each([
    ['a file that is not there', 'include: no.yaml\n', {}, 'main.yaml:1:10  include: no.yaml cannot be included: there is none'],
    [
      'itself',
      'include: [a.yaml]\n',
      { 'a.yaml': 'include: main.yaml\n', 'main.yaml': '' },
      'a.yaml:1:10  include: main.yaml includes itself',
    ],
    [
      'a list',
      'include: [a.yaml]\n',
      { 'a.yaml': '- 1\n' },
      'main.yaml:1:11  include[0]: expected a part of an experiment in a.yaml, found a list',
    ],
    ['a broken file', 'include: a.yaml\n', { 'a.yaml': 'x: [\n' }, 'a.yaml:'],
  ])('is refused with its place: %s', (_what, text, files, said) => {
    expect(() => read(text, files)).toThrow(said);
  });

  it('is bounded', () => {
    const files = Object.fromEntries(Array.from({ length: FILES_MAX }, (_, i) => [`${i}.yaml`, `include: ${i + 1}.yaml\n`]));
    expect(() => read('include: 0.yaml\n', files)).toThrow(`expected at most ${FILES_MAX} files`);
  });
});

describe('an experiment that includes its topology', () => {
  const from = SMALL.indexOf('topology:');
  const to = SMALL.indexOf('load:');
  const topology = SMALL.slice(from, to);
  const main = edited(SMALL, topology, '').replace('kind: Experiment\n', 'kind: Experiment\ninclude: topology.yaml\n');
  const load = (text: string, included: string) =>
    loadExperiment({ text, file: 'main.yaml', catalogs: stubCatalogs, readIncluded: reader({ 'topology.yaml': included }) });

  it('is the same as one that has it all', () => {
    const { include: _include, ...whole } = load(main, topology).experiment;
    expect(whole).toEqual(loadExperiment({ text: SMALL, file: 'main.yaml', catalogs: stubCatalogs }).experiment);
  });

  it('hears of mistakes in both files, each with its place', () => {
    const spoilt = () => load(edited(main, 'wait: 2s', 'wait: 2'), edited(topology, 'health: /up', 'helth: /up'));
    expect(spoilt).toThrow(/main\.yaml:\d+:\d+ {2}method\[1\][\s\S]*topology\.yaml:3:\d+ {2}topology\.services\.web/);
  });
});
