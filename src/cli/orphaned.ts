/** When a daemon that a run started may end: its parent is gone, and nobody would miss it. */
import { sleep } from '../core/clock.js';
import type { Daemon } from '../dataplane/daemon.js';
import type { CliContext } from './command.js';

/** How long an orphaned daemon's links must have been clean and without a connection. */
const ORPHAN_QUIET_MS = 15_000;

/** Resolves when standard input has ended and the daemon has been clean and quiet for a while. */
export async function orphaned({ clock }: CliContext, daemon: Daemon): Promise<void> {
  await new Promise<void>((resolve) => process.stdin.resume().once('end', resolve).once('error', resolve));
  let quietSinceMs = clock.nowMs();
  while (clock.nowMs() - quietSinceMs < ORPHAN_QUIET_MS) {
    await sleep(clock, 500);
    if (daemon.faults().length > 0 || daemon.connections > 0) quietSinceMs = clock.nowMs();
  }
}
