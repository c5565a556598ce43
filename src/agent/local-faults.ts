/** The faults of this process's own daemon, and those on processes of its host, behind the door by which a run reaches them anywhere. */
import type { Daemon } from '../dataplane/daemon.js';
import type { FaultSpec } from '../dataplane/faults/spec.js';
import type { Faults } from '../orchestrator/drivers/driver.js';

/** For the run that has claimed the daemon with this epoch. */
export function localFaults(daemon: Daemon, { run, epoch }: { run: string; epoch: number }): Faults {
  return {
    inject: async (faults: readonly FaultSpec[]) => {
      daemon.inject({ run, epoch, faults: [...faults] });
    },
    heal: async (faults) => {
      daemon.heal({ run, faults });
    },
    active: async () => daemon.faults().filter((fault) => fault.run === run),
    renew: async () => {
      daemon.renew({ run, epoch });
    },
  };
}
