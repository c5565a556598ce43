/** What a run says when it cannot begin: a plan with mistakes, a program that does not start, a daemon that is not there or not ours. */
import { describe, expect, it } from 'vitest';
import { Faultlab, faultlab, Scratch } from './faultlab.js';

const experiment = (given: { argv?: string; environment?: string; extra?: string }) => `
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: small}
environment: ${given.environment ?? 'local'}
seed: 1
topology:
  services:
    front: {protocol: http, instances: 1, argv: ${given.argv ?? '[node, -e, "setTimeout(() => {}, 60000)"]'}, ready: {path: /, timeout: 2s}}
    back: {protocol: http, instances: [{name: back-1, address: "127.0.0.1:9"}]}
  links: [{from: front, to: back}]
steadyState: {baseline: 500ms, settle: 500ms}
stopConditions: []
method:
  - name: slow
    fault: {type: delay, target: {from: front, to: back}, value: {delay: 10ms}, duration: 1s${given.extra ?? ''}}
`;

describe('a run that cannot begin', () => {
  it('says file, line and column of a misspelt key, and what was meant', async () => {
    await using scratch = await Scratch.create();
    const file = await scratch.write('small.yaml', experiment({ extra: ', percentge: 10' }));
    const { code, stderr, stdout } = await faultlab('run', file, '--out', scratch.path);
    expect(code).toBe(64);
    expect(stderr).toMatch(/small\.yaml:16:\d+/);
    expect(stderr).toContain('percentage');
    expect(stdout).not.toContain('ready');
  });

  it('says which variable is unknown, and which file cannot be read', async () => {
    const unknown = await faultlab('run', 'experiments/gray-failure.yaml', '--var', 'ejektion=off');
    expect([unknown.code, unknown.stderr]).toEqual([64, expect.stringContaining('ejektion')]);
    const missing = await faultlab('run', 'experiments/none.yaml');
    expect([missing.code, missing.stderr]).toEqual([64, expect.stringContaining('experiments/none.yaml')]);
    expect((await faultlab('rum')).code).toBe(64);
  });

  it('says which instance ended before it was ready, how, and its last words', async () => {
    await using scratch = await Scratch.create();
    const argv = `[node, -e, "console.error('the disk is full'); process.exit(7)"]`;
    const file = await scratch.write('small.yaml', experiment({ argv }));
    const { code, stderr } = await faultlab('run', file, '--out', scratch.path);
    expect(stderr).toMatch(/front-1 did not become ready: .*exit code 7/);
    expect(stderr).toContain('the disk is full');
    expect(code).toBe(69);
    // What the journal says later is what was said then.
    expect((await faultlab('verify', 'last', '--out', scratch.path)).code).toBe(69);
  });

  it('says which program is missing', async () => {
    await using scratch = await Scratch.create();
    const file = await scratch.write('small.yaml', experiment({ argv: '[no-such-program]' }));
    const { code, stderr } = await faultlab('run', file, '--out', scratch.path);
    expect([code, stderr]).toEqual([69, expect.stringContaining('no-such-program')]);
  });

  it('says that an instance did not become ready in time', async () => {
    await using scratch = await Scratch.create();
    const file = await scratch.write('small.yaml', experiment({}));
    const { code, stderr } = await faultlab('run', file, '--out', scratch.path);
    expect([code, stderr]).toEqual([69, expect.stringMatching(/front-1 did not become ready/)]);
  });

  it('says that no daemon answers, or that it serves another environment or another run', async () => {
    await using scratch = await Scratch.create();
    const file = await scratch.write('small.yaml', experiment({ environment: 'production' }));
    await using daemon = new Faultlab(['serve', '--port', '0', '--json', '--environment', 'staging']);
    const url = (await daemon.says(/"url":"([^"]+)"/))[1] ?? '';
    const other = await faultlab('run', file, '--out', scratch.path, '--connect', url);
    expect([other.code, other.stderr]).toEqual([64, expect.stringContaining('"production", but the daemon serves "staging"')]);
    daemon.child.kill('SIGTERM');
    expect((await daemon.finished).code).toBe(0);
    const gone = await faultlab('run', file, '--out', scratch.path, '--connect', url);
    expect([gone.code, gone.stderr]).toEqual([69, expect.stringContaining('does not answer')]);
  });
});
