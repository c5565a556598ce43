import { describe, expect, it } from 'vitest';
import { toxiproxy } from '../../../src/interchange/importers/toxiproxy.js';
import { cli } from '../../support/cli.js';

describe('faultlab export', () => {
  it('writes the links as proxies that Toxiproxy and our own import can read, and says what it cannot carry', async () => {
    const { code, out, err } = await cli('export', 'experiments/gray-failure.yaml', '--seed', '1');
    expect(code).toBe(0);
    const proxies = JSON.parse(out) as { name: string }[];
    expect(proxies.map(({ name }) => name)).toContain('gateway-1->inventory-3');
    expect(toxiproxy.recognises(out)).toBe(true);
    expect(err).toContain('Toxiproxy carries bytes and knows no requests');
  });
});
