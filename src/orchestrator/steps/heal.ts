/** Takes faults away before their time and makes sure that they are gone. Their steps have ended with that. */
import { z } from 'zod';
import { sleep } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import type { Faults } from '../drivers/driver.js';
import { faultId } from '../fault-id.js';
import { defineStepKind, type ResolvedStep } from './step-kind.js';

const CONFIRM_MS = 5_000;
const ASK_EVERY_MS = 100;
const ALL = 'all';

export const heal = defineStepKind({
  name: 'heal',
  summary: 'End the faults of some steps, or all of the run, and confirm that they are gone.',
  example: ['isolate-leader'],
  schema: () =>
    z
      .union([z.literal(ALL), z.array(z.string()).min(1).max(1_000)], `expected ${ALL}, or a list of fault steps`)
      .meta({ description: 'fault steps, or groups of them, whose faults end now; `all` for every fault that is on' }),
  resolve: (given: typeof ALL | string[], context): ResolvedStep<{ steps: readonly string[] | undefined }> => {
    const steps = given === ALL ? undefined : given.flatMap((name, i) => context.faultsNamed(name, [...context.path, i]));
    return { params: { steps }, summary: `end ${steps?.join(', ') ?? 'every fault'}`, takesMs: 0 };
  },
  carryOut: async ({ name, params: { steps } }, { clock, faults, run }, signal) => {
    const wanted = steps && new Set(steps.map((step) => faultId(run, step)));
    const giveUpMs = clock.nowMs() + CONFIRM_MS;
    for (;;) {
      const on = await stillOn(faults, wanted);
      if (on.length === 0) return;
      if (clock.nowMs() > giveUpMs)
        throw new LabError('HEALING_UNCONFIRMED', { reason: `after step "${name}", still on: ${on.join(', ')}` });
      await faults.heal(on);
      await sleep(clock, ASK_EVERY_MS, signal);
    }
  },
});

async function stillOn(faults: Faults, wanted: ReadonlySet<string> | undefined): Promise<readonly string[]> {
  const on = (await faults.active()).map(({ id }) => id);
  return wanted === undefined ? on : on.filter((id) => wanted.has(id));
}
