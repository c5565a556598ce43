import { describe, expect, it } from 'vitest';
import { presets } from '../../../src/verify/presets/catalog.js';
import { modelsOfPolicy } from '../../../src/verify/presets/policy-models.js';
import { modelsOfProduct, productSchema } from '../../../src/verify/presets/product.js';
import { recordOf } from '../../support/histories.js';

describe('a product', () => {
  it.each(presets.names)('%s may be named alone, which means its defaults', (name) => {
    expect(productSchema.parse(name)).toEqual(productSchema.parse({ [name]: {} }));
  });

  it('has models by its own words, and none where it is not named', () => {
    expect(modelsOfProduct(productSchema.parse({ envoy: { numRetries: 4 } })).retry).toMatchObject({ attemptsMax: 5 });
    expect(modelsOfProduct()).toEqual({});
  });

  it('stands behind a policy, whose own settings count more', () => {
    const { plan } = recordOf({ exchanges: [], faults: [], toMs: 1_000 });
    const ofPolicy = (settings: Readonly<Record<string, unknown>>) =>
      modelsOfPolicy(
        {
          ...plan,
          policies: [{ name: 'p', from: 'gateway', to: 'payments', preset: productSchema.parse('envoy'), settings, summary: '' }],
        },
        'p',
      );
    const product = modelsOfProduct(productSchema.parse('envoy'));
    expect(ofPolicy({})).toEqual(product);
    expect(ofPolicy({ retry: { maxAttempts: 7 } })).toMatchObject({ ejection: product.ejection, retry: { attemptsMax: 7 } });
  });
});
