/**
 * A real systemd for a test, in a namespace of its own: it starts nothing but the units it is given, and has no word in what else runs on the machine.
 * It is a user's manager, because a system's wants to be the first process; what asks for `systemctl` gets one that speaks to it.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** Where it keeps count: of its own, of version 2 beside version 1, of version 2 alone. */
const TREES = ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified', '/sys/fs/cgroup'];
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
  const group = `faultlab-test-${basename(folder)}`;
  const trees = TREES.filter((tree) => existsSync(join(tree, 'cgroup.procs')));
  if (trees.length === 0) throw new Error('no tree of control groups in which systemd could keep count is mounted');
  // A systemd that is not the first process wants to see that one is; it keeps its things where nobody else sees them.
  const boot = [
    'mount -t tmpfs faultlab /run && mkdir -p /run/systemd/system /run/manager',
    // It takes all who are in its groups for its own: it gets groups in which it is alone, or is not started.
    ...trees.map((tree) => `mkdir ${tree}/${group} && echo $$ >${tree}/${group}/cgroup.procs || exit 1`),
    `exec env -i PATH="$PATH" HOME=${folder} XDG_CONFIG_HOME=${folder} XDG_RUNTIME_DIR=/run/manager systemd --user --unit=basic.target`,
  ].join('\n');
  const manager = spawn('unshare', ['--mount', 'sh', '-c', boot], { stdio: 'ignore' });
  const ended = once(manager, 'exit');
  onTestFinished(async () => {
    manager.kill('SIGTERM');
    await ended;
    for (const tree of trees) await untilRemoved(join(tree, group));
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

/** It has taken away what it could itself; whoever was killed last is in his group for a moment yet. */
async function untilRemoved(group: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      removeGroups(group);
      return;
    } catch (error) {
      if (tries === READY_TRIES) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

function removeGroups(group: string): void {
  if (!existsSync(group)) return;
  for (const entry of readdirSync(group, { withFileTypes: true })) if (entry.isDirectory()) removeGroups(join(group, entry.name));
  rmdirSync(group);
}
