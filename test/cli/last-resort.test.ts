import { describe, expect, it } from 'vitest';
import { LastResort } from '../../src/cli/last-resort.js';
import { LabError } from '../../src/core/errors.js';
import { VirtualClock } from '../support/clock.js';

function rig() {
  const clock = new VirtualClock();
  const interrupted = new AbortController();
  const [said, ended]: [string[], number[]] = [[], []];
  const last = new LastResort({ clock, warn: (line) => said.push(line), interrupted, end: (code) => ended.push(code) });
  return { clock, interrupted, said, ended, last };
}

describe('what nobody has caught', () => {
  it('is said, stops the command, and is its exit code, unless healing was not confirmed', () => {
    const { interrupted, said, last } = rig();
    expect([0, 1, 4].map((code) => last.exitOf(code))).toEqual([0, 1, 4]);
    last.take(new Error('a timer broke'));
    expect(said.join('\n')).toContain('a mistake of ours: Error: a timer broke');
    expect(interrupted.signal.aborted).toBe(true);
    expect([0, 1, 4, 64, 5].map((code) => last.exitOf(code))).toEqual([70, 70, 70, 70, 5]);
  });

  it('is our own error also where it has an exit code', () => {
    const { said, last } = rig();
    last.take(new LabError('NO_RUN', {}));
    expect([last.exitOf(0), said.length > 0]).toEqual([70, true]);
  });

  it('does not leave a command waiting for ever, nor says the same for ever', () => {
    const { clock, said, ended, last } = rig();
    for (let i = 0; i < 100; i += 1) last.take(new Error('again'));
    expect(said).toHaveLength(10);
    clock.advance(119_999);
    expect(ended).toEqual([]);
    clock.advance(1);
    expect([ended, said.at(-1)]).toEqual([[5], expect.stringContaining('when their lease runs out')]);
  });
});
