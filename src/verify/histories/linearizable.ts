/**
 * Is there an order in which a single copy would have answered like this? For objects with more than reads and writes: compare-and-set, locks, queues, sets, sums. The
 * search is exact and may take for ever, so it has a budget; keep what overlaps on one key to five or ten, and keys to some hundred operations.
 */
import { z } from 'zod';
import { defineHistoryChecker, Findings } from './checker.js';
import { MODELS } from './models.js';
import { describeOperation } from './operation.js';
import { searchOrder } from './order-search.js';

const names = Object.keys(MODELS) as [keyof typeof MODELS, ...(keyof typeof MODELS)[]];

export const linearizable = defineHistoryChecker({
  name: 'linearizable',
  summary: 'Demands that an object of a known kind answers as one copy would, by search, and gives up at a budget.',
  schema: z.strictObject({
    model: z.enum(names).meta({ description: 'what it would be if there were one copy' }),
    statesMax: z
      .int()
      .min(1)
      .max(10_000_000)
      .default(500_000)
      .meta({ description: 'combinations tried of each key until it is left open' }),
  }),
  example: { model: 'casRegister' },
  knows: ({ model }) => MODELS[model].knows,
  check: ({ model, statesMax }, operations) => {
    const search = searchOrder(
      MODELS[model],
      // A read that nobody got the answer of says nothing, and costs most.
      operations.filter(({ f, outcome }) => outcome === 'ok' || (outcome === 'unknown' && f !== 'read')),
      statesMax,
    );
    const findings = new Findings();
    if (search.kind === 'budget')
      return findings.result([], `no order was found among ${search.states} that were tried, and there are more`);
    if (search.kind === 'found') return findings.result();
    const some = search.stuck.slice(0, 3).map(describeOperation).join(', ');
    findings.add(
      'no order',
      `no order explains it: with ${search.state === '' ? 'nothing' : search.state} there, none of ${some} can be next`,
      search.stuck,
    );
    return findings.result();
  },
});
