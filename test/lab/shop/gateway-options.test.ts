import { describe, expect, it } from 'vitest';
import { readGatewayOptions } from '../../../src/lab/shop/gateway-options.js';

const env = { PORT: '8080', INVENTORY: '127.0.0.1:1,127.0.0.1:2', PAYMENTS: '127.0.0.1:3' };

describe('gateway options', () => {
  it('has every defence on unless told otherwise', () => {
    expect(readGatewayOptions([], env)).toEqual({
      port: 8080,
      inventory: [
        { host: '127.0.0.1', port: 1 },
        { host: '127.0.0.1', port: 2 },
      ],
      payments: { host: '127.0.0.1', port: 3 },
      ejection: true,
      contents: true,
      ejectionErrors: 3,
      breaker: true,
      timeout: true,
    });
  });

  it('has a switch for each defence', () => {
    const args = ['--ejection', 'off', '--contents', 'off', '--breaker', 'off', '--timeout=off', '--ejection-errors', '5'];
    const allOff = { ejection: false, contents: false, breaker: false, timeout: false };
    expect(readGatewayOptions(args, env)).toMatchObject({ ...allOff, ejectionErrors: 5 });
  });

  it('knows a way to orders where it is told of one', () => {
    expect(readGatewayOptions([], { ...env, ORDERS: '127.0.0.1:4' }).orders).toEqual({ host: '127.0.0.1', port: 4 });
  });

  it.each([
    [['--ejction', 'off'], env, /ejction/],
    [['--ejection', 'no'], env, /--ejection on or off, found "no"/],
    [['--ejection-errors', '0'], env, /--ejection-errors/],
    [['extra'], env, /extra/],
    [[], { ...env, PORT: '' }, /PORT/],
    [[], { ...env, PORT: '70000' }, /PORT.*70000/],
    [[], { ...env, INVENTORY: '127.0.0.1:1,' }, /INVENTORY.*host:port/],
    [[], { PORT: '1', INVENTORY: '127.0.0.1:1' }, /PAYMENTS/],
  ])('refuses %j and says why', (args, environment, message) => {
    expect(() => readGatewayOptions(args, environment)).toThrow(message);
  });
});
