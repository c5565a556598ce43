import { describe, expect, it } from 'vitest';
import type { LabError } from '../../../src/core/errors.js';
import { loadExperiment } from '../../../src/experiment/load.js';
import { stubCatalogs } from '../../support/catalogs.js';
import { edited, planText, problemsOf, SMALL } from '../../support/experiment.js';

const VARIANTS = `variants:
  defended: {expect: pass}
  undefended: {inputs: {mode: slow, share: 50}, expect: fail, failing: [outlierEjection]}
`;

const withVariants = (variants = VARIANTS): string => edited(SMALL, 'topology:', `${variants}topology:`);

function inputsOf(variant: string | undefined, variables = {}) {
  return loadExperiment({ text: withVariants(), file: 'small.yaml', variant, variables, catalogs: stubCatalogs }).inputs;
}

describe('variants of an experiment', () => {
  it('give inputs their values, and leave the others their defaults', () => {
    expect(inputsOf('undefended')).toEqual({ rate: '20/s', share: '50', mode: 'slow' });
    expect(inputsOf('defended')).toEqual(inputsOf(undefined));
  });

  it('give way to the command line', () => {
    expect(inputsOf('undefended', { mode: 'fast' })).toMatchObject({ mode: 'fast', share: '50' });
  });

  it('are in the plan with what is expected of them', () => {
    expect(planText(withVariants()).variants).toEqual({
      defended: { expect: 'pass', failing: [] },
      undefended: { expect: 'fail', failing: ['outlierEjection'] },
    });
    expect(planText(SMALL).variants).toEqual({});
  });

  it.each([
    ['undefnded', '--variant undefnded: the plan has no variant of that name; did you mean "undefended"?'],
    ['x', '--variant x: the plan has no variant of that name; known: defended, undefended'],
    ['constructor', '--variant constructor: the plan has no variant of that name; known: defended, undefended'],
  ])('are known by name: %s is refused', (variant, message) => {
    expect(() => inputsOf(variant)).toThrow(expect.objectContaining({ code: 'VARIANT_UNKNOWN', message }) as LabError);
  });

  it.each([
    [
      'an input that is not declared',
      '{inputs: {moed: slow}, expect: pass}',
      'variants.a.inputs.moed: unknown input; did you mean "mode"?',
    ],
    [
      'a value that the input cannot have',
      '{inputs: {mode: quick}, expect: pass}',
      'variants.a.inputs.mode: expected one of fast, slow, found "quick"',
    ],
    [
      'a quantity without its unit',
      '{inputs: {rate: 5}, expect: pass}',
      'variants.a.inputs.rate: expected a rate (/s, /m, /h), like 120/s; found "5"',
    ],
    ['no expectation', '{inputs: {mode: slow}}', 'variants.a.expect: expected one of pass, fail, found nothing'],
    ['a failure that names no promise', '{expect: fail}', 'variants.a.failing: expected the names of the promises that break'],
    [
      'a broken promise of one that passes',
      '{expect: pass, failing: [outlierEjection]}',
      'variants.a.failing: expected only beside expect: fail',
    ],
    [
      'a promise that nobody makes',
      '{expect: fail, failing: [outlierEjecton]}',
      'no promise is named "outlierEjecton"; did you mean "outlierEjection"?',
    ],
  ])('are refused with %s', (_, variant, said) => {
    expect(problemsOf(withVariants(`variants: {a: ${variant}}\n`)).join('\n')).toContain(said);
  });

  it('are refused as wrong where they stand when they are chosen, too', () => {
    const text = withVariants('variants: {a: {inputs: {mode: quick}, expect: pass}}\n');
    expect(() => loadExperiment({ text, file: 'small.yaml', variant: 'a', catalogs: stubCatalogs })).toThrow(
      /small\.yaml:9:\d+ {2}variants\.a\.inputs\.mode: expected one of fast, slow, found "quick"/,
    );
  });
});

describe('what an experiment teaches', () => {
  it('is one failure or several, and changes nothing', () => {
    const taught = (failure: string): string =>
      edited(SMALL, 'topology:', `teaches: {failure: ${failure}, detection: [timeouts], containment: [retries]}\ntopology:`);
    const failuresOf = (text: string) => loadExperiment({ text, file: 'small.yaml', catalogs: stubCatalogs }).experiment.teaches?.failure;
    expect([failuresOf(taught('crash-stop')), failuresOf(taught('[gray, omission]'))]).toEqual([['crash-stop'], ['gray', 'omission']]);
    expect(planText(taught('gray'))).toEqual(planText(SMALL));
  });
});
