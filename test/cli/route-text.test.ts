import { describe, expect, it } from 'vitest';
import { parseRoute } from '../../src/cli/route-text.js';

describe('a route on the command line', () => {
  it('may name path, caller and several proxies', () => {
    expect(parseRoute('host=Payments:8080,path=/pay,from=checkout,links=a->b+c')).toEqual({
      host: 'payments:8080',
      path: '/pay',
      from: 'checkout',
      links: ['a->b', 'c'],
    });
    expect(parseRoute('host=*,links=a')).toEqual({ host: '*', path: '/', links: ['a'] });
  });

  it.each(['', 'payments', 'host=payments', 'host=payments,links=', 'host=payments,links=a,colour=red', 'host=a b,links=a'])(
    'is refused as %j, with an example',
    (text) => {
      expect(() => parseRoute(text)).toThrow(/--route .*expected host=payments,path=\/,links=payments-1\+payments-2/);
    },
  );
});
