import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shippedCatalogs } from '../../../src/experiment/catalogs.js';
import { urlOfBatch, withoutSecrets } from '../../../src/orchestrator/fleet/batch.js';
import { describeRoute, destinationOf, routeOf, routeSchema } from '../../../src/orchestrator/fleet/observation-route.js';
import { TWO_ZONES } from '../../support/agents.js';
import { edited, problemsOf } from '../../support/experiment.js';

const via = (written: string) =>
  problemsOf(edited(TWO_ZONES, '{driver: fleet}', `{driver: fleet, observationsVia: ${written}}`), {}, shippedCatalogs);

describe('the way of observations', () => {
  it('is straight to the run, by a folder, or by a store', () => {
    expect(routeOf(routeSchema.parse(undefined), {})).toEqual({ kind: 'direct' });
    expect(routeOf(routeSchema.parse({ folder: '/mnt/lab' }), {})).toEqual({ kind: 'folder', folder: '/mnt/lab' });
    const store = { kind: 'store', url: 'https://store.example/lab', token: undefined } as const;
    expect(routeOf(routeSchema.parse({ url: 'https://store.example/lab' }), {})).toEqual(store);
    expect(destinationOf(store)).toEqual({ url: 'object+https://store.example/lab', token: undefined });
    expect(destinationOf({ kind: 'folder', folder: '/mnt/my lab' })).toEqual({ url: 'file:///mnt/my%20lab' });
  });

  it('has its secrets from the environment, or from files that it names, and says where they are missing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'faultlab-route-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'token'), 'from-a-file\n');
    const planned = routeSchema.parse({ urlFrom: 'FAULTLAB_STORE', tokenFrom: 'FAULTLAB_TOKEN' });
    const env = { FAULTLAB_STORE: 'https://store.example/lab?sig=secret', FAULTLAB_TOKEN_FILE: join(folder, 'token') };
    expect(routeOf(planned, env)).toEqual({ kind: 'store', url: 'https://store.example/lab?sig=secret', token: 'from-a-file' });
    expect(() => routeOf(planned, {})).toThrow('FAULTLAB_TOKEN');
    expect(() => routeOf(planned, { ...env, FAULTLAB_STORE: 'ftp://secret' })).toThrow(/FAULTLAB_STORE to hold a URL(?!.*secret)/);
    expect(() => routeOf(planned, { ...env, FAULTLAB_TOKEN_FILE: join(folder, 'none') })).toThrow('cannot be read');
    expect(describeRoute(planned)).toBe('by the store that FAULTLAB_STORE names');
  });

  it('keeps what is behind the question mark of a store where it belongs, and out of what is said', () => {
    const url = urlOfBatch('https://store.example/lab/?sig=secret', 'run/a/s/1.ndjson.gz');
    expect(url.href).toBe('https://store.example/lab/run/a/s/1.ndjson.gz?sig=secret');
    expect(withoutSecrets('https://me:secret@store.example/lab?sig=secret')).toBe('https://store.example/lab');
  });

  it.each([
    ['{folder: here}', 'expected a path from the root'],
    ['{}', 'observationsVia'],
    ['{url: "ftp://store.example"}', 'observationsVia'],
    ['{url: "https://store.example", urlFrom: FAULTLAB_STORE}', 'either `url` or `urlFrom`'],
    ['{url: "https://store.example", tokenFrom: HOME}', 'FAULTLAB_'],
    ['by pigeon', 'observationsVia'],
  ])('is refused by the plan as %s', (written, problem) => {
    expect(via(written).join('\n')).toContain(problem);
  });
});
