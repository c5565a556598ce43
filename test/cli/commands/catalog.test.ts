import { describe, expect, it } from 'vitest';
import { faults } from '../../../src/dataplane/faults/catalog.js';
import { cli } from '../../support/cli.js';

describe('faultlab catalog', () => {
  it('shows every fault with its summary and an example that can be pasted', async () => {
    const { code, out } = await cli('catalog', 'faults');
    expect(code).toBe(0);
    for (const { name, summary } of faults.all) expect(out).toContain(`${name}: ${summary}`);
    expect(out).toContain('status: 503');
  });

  it('speaks JSON, and knows checks and probes too', async () => {
    const names = async (kind: string) => (JSON.parse((await cli('catalog', kind, '--json')).out) as { name: string }[]).map((d) => d.name);
    expect(await names('checks')).toContain('circuitBreaker');
    expect(await names('probes')).toContain('wire');
    expect(await names('profiles')).toEqual(expect.arrayContaining(['3G', 'crossRegion']));
  });

  it('shows network profiles with their figures and what to write', async () => {
    const { out } = await cli('catalog', 'profiles');
    expect(out).toMatch(/^3G: .*300ms round trip, 1\.6Mbit\/s down/m);
    expect(out).toContain('{ type: network, value: { profile: 3G } }');
  });

  it('says which kinds there are', async () => {
    expect(await cli('catalog', 'toxics')).toMatchObject({ code: 64, err: expect.stringContaining('faults, checks, probes') });
  });
});
