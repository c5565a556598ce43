import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/core/errors.js';
import { readOrdersOptions } from '../../../src/lab/shop/orders-options.js';
import { VirtualClock } from '../../support/clock.js';

function read(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const given = { PORT: '0', NAME: 'orders-1', ...env };
  return readOrdersOptions({ args, env: given, clock: new VirtualClock(), log: () => {}, die: () => {} });
}

describe('what the orders of the shop are told', () => {
  it('names those alone that they depend on', () => {
    expect(read([]).hosts).toEqual({});
    expect(read([], { STORE: '127.0.0.1:1' }).hosts).toEqual({ store: [{ host: '127.0.0.1', port: 1 }] });
  });

  it('has every defence on unless told otherwise', () => {
    expect(read([])).toMatchObject({ budget: true, compartment: 8, attemptsMax: 3, answerMsMax: 800 });
    expect(read(['--budget', 'off', '--bulkhead', 'off'])).not.toHaveProperty('compartment');
    expect(read(['--budget', 'off'])).toMatchObject({ budget: false });
  });

  it.each([
    [['--attempts', '0'], {}],
    [['--bulkhead', 'perhaps'], {}],
    [['--loud'], {}],
    [[], { STORE: 'nowhere' }],
  ])('is refused with a sentence: %j %j', (args, env) => {
    expect(() => read(args, env as Record<string, string>)).toThrow(LabError);
  });
});
