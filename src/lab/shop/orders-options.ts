/** What the orders of the shop are told: what they depend on in the environment, defences and capacity by switches. A dependency that is not named is not asked. */
import { type Address, readAddressesIfAny, readPort, readText } from '../environment.js';
import type { ProgramInput } from '../program.js';
import { readCount, readFlags, readSwitch } from '../switches.js';
import { CAPACITY_FLAGS, type Capacity, readCapacity } from './capacity.js';

const STEPS = ['inventory', 'payments', 'store', 'queue'] as const;
export type Step = (typeof STEPS)[number];

export interface OrdersOptions {
  readonly name: string;
  readonly port: number;
  readonly hosts: Readonly<Partial<Record<Step, readonly [Address, ...Address[]]>>>;
  readonly capacity: Capacity;
  /** Time for one attempt on a dependency, in ms. */
  readonly answerMsMax: number;
  readonly attemptsMax: number;
  /** Off: tried again at once and without a budget. */
  readonly budget: boolean;
  /** Calls that each dependency may take up at a time; left out: all. */
  readonly compartment?: number;
}

const FLAGS = {
  ...CAPACITY_FLAGS,
  'answer-ms': { type: 'string', default: '800' },
  attempts: { type: 'string', default: '3' },
  budget: { type: 'string', default: 'on' },
  bulkhead: { type: 'string', default: 'on' },
  compartment: { type: 'string', default: '8' },
} as const;

/** Throws USAGE on an unknown flag, a wrong value and a missing variable. */
export function readOrdersOptions({ args, env, clock, die }: ProgramInput): OrdersOptions {
  const flags = readFlags(args, FLAGS);
  const found = STEPS.map((step) => [step, readAddressesIfAny(env, step.toUpperCase())] as const);
  return {
    name: readText(env, 'NAME'),
    port: readPort(env, 'PORT'),
    hosts: Object.fromEntries(found.filter(([, hosts]) => hosts !== undefined)),
    capacity: readCapacity(flags, { clock, die }),
    answerMsMax: readCount('answer-ms', flags['answer-ms']),
    attemptsMax: readCount('attempts', flags.attempts),
    budget: readSwitch('budget', flags.budget),
    ...(readSwitch('bulkhead', flags.bulkhead) && { compartment: readCount('compartment', flags.compartment) }),
  };
}
