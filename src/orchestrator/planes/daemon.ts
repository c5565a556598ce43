/** Our own daemon: one started for the run, or one that the operator named. It carries every fault of the catalog and records every link. */
import { z } from 'zod';
import { LabError, reasonOf } from '../../core/errors.js';
import type { LiveRun } from '../../journal/store.js';
import { DaemonDriver } from '../drivers/daemon.js';
import { DaemonProcess } from '../services/daemon-process.js';
import { isAlive } from '../services/processes.js';
import { definePlane, type OpenedPlane, type PlanePorts } from './plane.js';

export const daemon = definePlane({
  name: 'daemon',
  summary: 'Start a daemon of the run’s own, or use the one named by --connect.',
  schema: z.strictObject({}),
  example: {},
  describe: () => 'faultlab’s own daemon',
  objections: () => [],
  caveats: () => [],
  open: async (_params, { clock, connect, daemonArgv, logFile, onFailure }: PlanePorts): Promise<OpenedPlane> => {
    if (connect !== undefined) {
      return { driver: new DaemonDriver(connect), processes: [], outlivesRun: true, [Symbol.asyncDispose]: () => Promise.resolve() };
    }
    const own = await DaemonProcess.start(clock, { argv: daemonArgv, logFile });
    own.onExit((detail) => onFailure(new LabError('DAEMON_UNREACHABLE', { url: own.url, reason: detail })));
    return {
      driver: new DaemonDriver({ url: own.url }),
      processes: [own.live],
      outlivesRun: false,
      [Symbol.asyncDispose]: () => own[Symbol.asyncDispose](),
    };
  },
  healAfter: async (live: LiveRun, { token }: { token?: string | undefined }) => {
    const own = live.processes.find((process) => process.name === 'daemon');
    if (own !== undefined && !isAlive(own)) return undefined;
    const driver = DaemonDriver.speakFor({ url: live.daemonUrl, token, run: live.run });
    try {
      if (own !== undefined && (await driver.status()).pid !== own.pid) return undefined;
      const faults = await driver.active();
      // A daemon that serves on keeps what was made for the run, and its names would be in the way of the next.
      if (own === undefined) for (const link of live.links ?? []) await driver.removeProxy(link).catch(() => {});
      await driver.release();
      return `its daemon at ${live.daemonUrl} was still running, with ${faults.length} faults of the run on: healed`;
    } catch (error) {
      return own === undefined ? `its daemon could not be asked: ${reasonOf(error)}` : undefined;
    }
  },
});
