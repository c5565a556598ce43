/**
 * A real systemd for a test, in a namespace of its own: it starts nothing but the units it is given, and has no word in what else runs on the machine.
 * It is a user's manager, because a system's wants to be the first process; what asks for `systemctl` gets one that speaks to it.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

const READY_TRIES = 600;
const PAUSE_MS = 50;

/** What is missing for one, in half a sentence. */
export function whyNoSystemd(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may make a namespace';
  try {
    execFileSync('systemctl', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'apt install systemd';
  }
}

export interface Systemd {
  /** For whoever is to speak to it: `systemctl` is the one on this path. */
  readonly PATH: string;
  systemctl(...words: readonly string[]): string;
}

/** With these units (name → text), none of them started. Ends with the test, and they with it. */
export async function startSystemd(units: Readonly<Record<string, string>>): Promise<Systemd> {
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-systemd-'));
  const unitFolder = join(folder, 'systemd', 'user');
  mkdirSync(unitFolder, { recursive: true });
  for (const [name, text] of Object.entries(units)) writeFileSync(join(unitFolder, name), text);
  // A systemd that is not the first process wants to see that one is; it keeps its things where nobody else sees them.
  const boot = [
    'mount -t tmpfs faultlab /run && mkdir -p /run/systemd/system /run/manager',
    'group=/sys/fs/cgroup/systemd/faultlab-test-$$; if mkdir $group 2>/dev/null; then echo $$ >$group/cgroup.procs; fi',
    `exec env -i PATH="$PATH" HOME=${folder} XDG_CONFIG_HOME=${folder} XDG_RUNTIME_DIR=/run/manager systemd --user --unit=basic.target`,
  ].join('\n');
  const manager = spawn('unshare', ['--mount', 'sh', '-c', boot], { stdio: 'ignore' });
  const ended = once(manager, 'exit');
  onTestFinished(async () => {
    manager.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const speaks = `nsenter --target ${manager.pid} --mount env XDG_RUNTIME_DIR=/run/manager ${execFileSync('which', ['systemctl']).toString().trim()} --user`;
  writeFileSync(join(folder, 'systemctl'), `#!/bin/sh\nexec ${speaks} "$@"\n`);
  chmodSync(join(folder, 'systemctl'), 0o755);
  const systemctl = (...words: readonly string[]) => execFileSync(join(folder, 'systemctl'), words, { stdio: 'pipe' }).toString().trim();
  await untilReady(systemctl);
  return { PATH: `${folder}${delimiter}${process.env['PATH']}`, systemctl };
}

async function untilReady(systemctl: Systemd['systemctl']): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      systemctl('is-active', 'basic.target');
      return;
    } catch (error) {
      if (tries === READY_TRIES) throw new Error('systemd did not come up', { cause: error });
      await sleep(PAUSE_MS);
    }
  }
}
