/** The programs as they run: three members over real sockets, of which one goes. */
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { hostClock, sleep } from '../../../src/core/clock.js';
import { freePorts } from '../../../src/orchestrator/services/free-ports.js';
import { forThisTest } from '../../support/for-this-test.js';
import { type StartedProgram, startProgram } from '../../support/program.js';

async function startMember(name: string, port: number, peers: readonly number[]): Promise<StartedProgram> {
  const env = { PORT: String(port), NAME: name, PEERS: peers.map((peer) => `127.0.0.1:${peer}`).join(',') };
  return forThisTest(await startProgram({ file: 'lab/members/member.js', args: ['--suspicion', 'off'], env }));
}

async function statusOf(port: number): Promise<number> {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}/complete`);
  await body.dump();
  return statusCode;
}

describe('members', () => {
  it('are complete until one has gone, and then all others know', async () => {
    const ports = await freePorts(3);
    const [first, ...others] = await Promise.all(
      ports.map((port, i) =>
        startMember(
          `members-${i + 1}`,
          port,
          ports.filter((peer) => peer !== port),
        ),
      ),
    );
    expect(await Promise.all(ports.map(statusOf))).toEqual([200, 200, 200]);
    first?.child.kill('SIGKILL');
    const left = ports.slice(1);
    const giveUpMs = hostClock.nowMs() + 20_000;
    let seen: number[] = [];
    while (hostClock.nowMs() < giveUpMs && seen.join() !== '503,503') {
      await sleep(hostClock, 100);
      seen = await Promise.all(left.map(statusOf));
    }
    expect(seen).toEqual([503, 503]);
    expect(others).toHaveLength(2);
  }, 40_000);

  it('refuse a name that is none of theirs', async () => {
    const program = await startMember('members-9', 0, [1, 2]);
    expect((await program.exited).code).toBe(1);
    expect(program.stderr()).toContain('expected NAME to end in a number from 1 to 3, found "members-9"');
  });
});
