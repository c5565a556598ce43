import { describe, expect, it } from 'vitest';
import { declaredBy } from '../../src/experiment/declared.js';

const declared = (text: string) => declaredBy({ text, file: 'x.yaml' });

describe('what an experiment says of itself', () => {
  it('is its name, its inputs with what they stand at, and its variants', () => {
    const text = `
kind: Experiment
metadata: {name: shop, description: " all of it "}
inputs:
  ejection: {type: string, default: "on", enum: ["on", "off"], description: ejects}
  rate: {type: rate, default: 150/s}
  users: {type: number}
  fast: {type: boolean, default: true}
variants: {bare: {expect: fail}}
`;
    expect(declared(text)).toEqual({
      title: 'shop',
      description: 'all of it',
      kind: 'Experiment',
      inputs: [
        { name: 'ejection', type: 'string', description: 'ejects', default: 'on', choices: ['on', 'off'] },
        { name: 'rate', type: 'rate', description: '', default: '150/s', choices: [] },
        { name: 'users', type: 'number', description: '', default: null, choices: [] },
        { name: 'fast', type: 'boolean', description: '', default: 'true', choices: ['true', 'false'] },
      ],
      variants: ['bare'],
    });
  });

  it('is told as far as it can be read', () => {
    expect(declared('metadata: 7\ninputs: {bad: {type: colour}, good: {type: string}}\nvariants: []')).toMatchObject({
      title: 'x.yaml',
      kind: '',
      inputs: [{ name: 'good' }],
      variants: [],
    });
  });

  it('is not read out of a text that is no YAML', () => {
    expect(() => declared('a: [1')).toThrow(/x\.yaml:1/);
    expect(() => declared('')).toThrow(/x\.yaml:1/);
  });
});
