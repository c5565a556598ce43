import { describe, expect, it } from 'vitest';
import { toxiproxy } from '../../src/interchange/importers/toxiproxy.js';
import { toxiproxyConfig } from '../../src/interchange/toxiproxy-config.js';
import { planOf } from '../support/imported.js';

describe('a plan as a Toxiproxy configuration', () => {
  it('gives back what was imported, the loss of time and order being told', () => {
    const given = [
      {
        name: 'db',
        listen: '127.0.0.1:15432',
        upstream: '127.0.0.1:5432',
        toxics: [{ name: 'slow', type: 'latency', stream: 'upstream', toxicity: 0.25, attributes: { latency: 100, jitter: 0 } }],
      },
    ];
    const { proxies, notCarried } = toxiproxyConfig(planOf(toxiproxy.read(JSON.stringify(given), { file: 'f', name: 'n' })));
    expect(proxies).toEqual([{ ...given[0], name: 'app-1->db-1', enabled: true }]);
    expect(notCarried).toContain('step slow: it was on for 30 s; a toxic is on until it is removed');
  });
});
