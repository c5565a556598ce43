/** The harness of the fleet's tests: a world that did not cut, or that stayed behind, would make every test on it worthless. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Etcd, etcdProgram } from '../support/fleet/etcd.mjs';
import { type Place, Started } from '../support/fleet/place.mjs';
import { World, whyNoWorld } from '../support/fleet/world.mjs';
import { forThisTest } from '../support/for-this-test.js';
import { until } from '../support/tcp.js';

const PUT = { key: Buffer.from('a').toString('base64'), value: Buffer.from('b').toString('base64') };

describe.skipIf(whyNoWorld() !== undefined || etcdProgram === undefined)('a world with etcd on three hosts', { timeout: 60_000 }, () => {
  it('cuts off a host and lets it back, and goes on when the leader is killed', async () => {
    const world = forThisTest(await World.create(['n1', 'n2', 'n3', 'host-1']));
    const etcd = forThisTest(await Etcd.start({ places: ['n1', 'n2', 'n3'].map((name) => world.host(name)) }));
    const host = world.host('host-1');
    const url = `${etcd.endpoints[0]}/v3/kv/put`;
    await put(host, url);
    await world.cutOff('host-1');
    await expect(put(host, url), 'from behind the cut').rejects.toThrow('timed out');
    await world.rejoin('host-1');
    await put(host, url);
    const before = await etcd.leader();
    await etcd.kill(before);
    const after = await etcd.leader();
    expect(after).not.toBe(before);
    await etcd.ask('/v3/kv/put', PUT, { member: after });
  });
});

async function put(host: Place, url: string): Promise<void> {
  await host.run(['curl', '-sS', '-m', '1', '-d', JSON.stringify(PUT), url]).catch((error: { stderr: string }) => {
    throw new Error(error.stderr);
  });
}

const OWNER = `
import { World } from ${JSON.stringify(fileURLToPath(new URL('../support/fleet/world.mjs', import.meta.url)))};
const world = await World.create(['a']);
world.host('a').start(['sleep', '987654']);
console.log('up');
`;

it.skipIf(whyNoWorld() !== undefined)('nothing of a world outlives a SIGKILL of whoever made it', async () => {
  const owner = spawn(process.execPath, ['--input-type=module', '-e', OWNER], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(createInterface({ input: owner.stdout }), 'line');
  await until('its program runs', isAsleep);
  owner.kill('SIGKILL');
  await until('its program is gone', () => !isAsleep());
});

function isAsleep(): boolean {
  return readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && commandOf(pid) === 'sleep\x00987654\x00');
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

it.skipIf(whyNoWorld() !== undefined)('a program on a host is paused, goes on, and is killed', async () => {
  const world = forThisTest(await World.create(['a']));
  const program = world.host('a').start(['sh', '-c', 'echo one; read line; echo two; sleep 100']);
  expect(program).toBeInstanceOf(Started);
  expect(await program.line()).toBe('one');
  program.signal('SIGSTOP');
  const { pid } = program;
  await until('it is stopped', () => stateOf(pid) === 'T');
  program.signal('SIGCONT');
  await until('it goes on', () => stateOf(pid) === 'S');
  program.signal('SIGKILL');
  await program.exited;
  expect(stateOf(pid)).toBeUndefined();
});

function stateOf(pid: number | undefined): string | undefined {
  try {
    return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1];
  } catch {
    return undefined;
  }
}
