import { describe, expect, it } from 'vitest';
import { toxiproxy } from '../../../src/interchange/importers/toxiproxy.js';
import { planOf } from '../../support/imported.js';

const CONFIG = [
  {
    name: 'redis master',
    listen: '127.0.0.1:26379',
    upstream: '127.0.0.1:6379',
    enabled: true,
    toxics: [
      { name: 'slow', type: 'latency', stream: 'downstream', toxicity: 0.5, attributes: { latency: 250, jitter: 50 } },
      { type: 'bandwidth', stream: 'upstream', attributes: { rate: 10 } },
      { name: 'odd', type: 'teleport', attributes: {} },
    ],
  },
  { name: 'web', listen: ':8080', upstream: 'localhost:80', enabled: false },
];
const read = (config: unknown) => toxiproxy.read(JSON.stringify(config), { file: 'toxiproxy.json', name: 'imported' });

describe('what Toxiproxy was told', () => {
  it('becomes links that listen where callers look already, and a step for each toxic', () => {
    const imported = read(CONFIG);
    const { links, steps } = planOf(imported);
    expect(links).toMatchObject([
      { name: 'app-1->redis-master-1', listen: '127.0.0.1:26379', protocol: 'tcp' },
      { name: 'app-1->web-1', listen: '127.0.0.1:8080' },
    ]);
    expect(
      steps.map(({ name, fault }) => [name, fault?.spec.type, fault?.spec.direction, fault?.spec.percentage, fault?.spec.value]),
    ).toEqual([
      ['slow', 'latency', 'down', 50, { latency: '250ms', jitter: '50ms' }],
      ['redis-master-bandwidth', 'bandwidth', 'up', 100, { rate: '10KB/s' }],
      ['web-down', 'refuse', undefined, 100, expect.anything()],
    ]);
    expect(imported.notCarried).toEqual([
      'web: it listened on every address; here on 127.0.0.1 alone',
      'redis master: toxic odd: no fault means teleport',
    ]);
  });

  it('is read in the form of GET /proxies too', () => {
    const byName = Object.fromEntries(CONFIG.map((proxy) => [proxy.name, proxy]));
    expect(read(byName)).toEqual(read(CONFIG));
    expect(toxiproxy.recognises(JSON.stringify(byName))).toBe(true);
  });

  it('is refused with the place that is wrong', () => {
    expect(() => read([{ name: 'x', upstream: 5 }])).toThrow(/toxiproxy\.json: cannot be read: .*upstream/);
    expect(() => read([])).toThrow('cannot be read');
    expect(() => toxiproxy.read('{', { file: 'f', name: 'n' })).toThrow('f: cannot be read: ');
  });

  it('keeps hostile names out of the plan and inside of comments', () => {
    const hostile = 'a\n- evil: \u2028 <script>';
    const imported = read([{ name: hostile, listen: ':9000', upstream: '127.0.0.1:1' }]);
    expect(imported.notCarried).toEqual([expect.stringContaining(hostile)]);
    expect(planOf(imported).links.map(({ name }) => name)).toEqual(['app-1->a---evil-script-1']);
  });
});
