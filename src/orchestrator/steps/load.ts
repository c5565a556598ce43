/** Changes the load while it goes on: more of it, less, none for a while. What it says of stages to come is in `load:`; after a step they are over. */
import { z } from 'zod';
import { didYouMean } from '../../core/suggest.js';
import { rate } from '../../core/units.js';
import { defineStepKind, type StepContext } from './step-kind.js';

const schema = z
  .strictObject({
    rate: rate().optional().meta({ description: 'requests to start per second from now on, for open models' }),
    users: z.int().min(0).max(100_000).optional().meta({ description: 'users from now on, for closed models' }),
    state: z.enum(['paused', 'running']).optional().meta({ description: 'paused: nothing is sent until it runs again' }),
    scenario: z.string().optional().meta({ description: 'the scenario that is meant; all if omitted' }),
  })
  .refine(
    ({ rate: perSecond, users, state }) => [perSecond, users, state].filter((part) => part !== undefined).length === 1,
    'expected exactly one of rate, users, state',
  );
type LoadText = z.output<typeof schema>;

export const load = defineStepKind({
  name: 'load',
  summary: 'Change the rate or the number of users of the load, pause it, or let it run again.',
  example: { rate: '200/s' },
  schema: () => schema.meta({ description: 'change the load from now on' }),
  resolve: (text: LoadText, context) => {
    checkLoad(text, context);
    const { rate: perSecond, users, state, scenario } = text;
    const level = perSecond ?? users;
    const words = level === undefined ? `${state}` : perSecond === undefined ? `${level} users` : `${level} requests/s`;
    return { params: { level, state, scenario }, summary: `${scenario ?? 'the load'}: ${words}`, takesMs: 0 };
  },
  carryOut: async ({ name: step, params: { level, state, scenario }, summary }, { load: steered, journal }) => {
    if (level !== undefined) steered()?.setLevel(level, scenario);
    else if (state === 'paused') steered()?.pause(scenario);
    else steered()?.resume(scenario);
    journal.append({ type: 'loadChanged', step, summary });
  },
});

function checkLoad({ rate: perSecond, users, scenario }: LoadText, { planned, path, complain }: StepContext): void {
  const scenarios = planned.load?.scenarios ?? [];
  if (planned.load === undefined) complain(path, 'there is no load in this experiment; add `load:`');
  const meant = scenarios.filter(({ name }) => scenario === undefined || name === scenario);
  const names = scenarios.map(({ name }) => name);
  if (planned.load !== undefined && meant.length === 0)
    complain([...path, 'scenario'], `unknown scenario "${scenario}"${didYouMean(scenario ?? '', names)}`);
  const needed = perSecond === undefined ? 'closed' : 'open';
  const other = meant.find(({ model }) => (perSecond ?? users) !== undefined && model.name !== needed);
  if (other === undefined) return;
  const key = needed === 'open' ? 'rate' : 'users';
  complain(
    [...path, key],
    `${key} is of ${needed} models, but ${other.name} is ${other.model.name}${scenario === undefined ? '; name the scenario' : ''}`,
  );
}
