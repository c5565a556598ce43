/** What everybody at the table of a game day is told before it begins: what is done, what may go wrong, and how it is stopped. Pure text, no colour. */
import { formatMs } from '../core/units.js';
import { shippedCatalogs } from './catalogs.js';
import { describeForeseen } from './describe.js';
import type { Plan } from './plan.js';
import { worstHarm } from './preflight.js';
import { section, table } from './sections.js';
import { planDurationMs, timeline } from './timeline.js';

/** Undefined: it is no game day. */
export function briefingOf(plan: Plan): string | undefined {
  const { gameDay, title, description, environment, seed } = plan.recorded;
  if (gameDay === undefined) return undefined;
  const lines = gameDay.briefing?.trim().split('\n') ?? [];
  return [
    [`Game day: ${title}`, ...(description === undefined ? [] : [description])].join('\n'),
    section('Briefing', lines),
    section('People', table(gameDay.people.map(({ name, role = '', contact = '' }) => [name, role, contact]))),
    section('What is done', describeCourse(plan)),
    section('How bad it may get', describeRisk(plan)),
    section('Foreseen', describeForeseen(plan)),
    section('How it is stopped', [
      'Ctrl-C here, or `faultlab halt` on this machine: every fault is taken back at once',
      `if this machine dies, faults end by themselves within ${formatMs(longestLeaseMs(plan))}`,
    ]),
    `About ${formatMs(planDurationMs(plan))} in environment ${environment}, seed ${seed}.`,
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** Acts with what they do to whom; in a game day of one method the steps alone. */
function describeCourse({ steps, recorded: { gameDay } }: Plan): readonly string[] {
  const acts = gameDay?.acts ?? [];
  const timed = timeline(steps);
  const does = (names: readonly string[] | undefined): string[] =>
    timed
      .filter(({ step }) => names === undefined || names.includes(step.name))
      .filter(({ step }) => step.kind !== 'wait')
      .map(({ step }) => `${step.name}: ${step.summary}`);
  if (acts.length === 0) return does(undefined);
  return acts.flatMap(({ title, steps: own = [] }, i) => [`${i + 1}. ${title}`, ...does(own).map((line) => `   ${line}`)]);
}

function describeRisk(plan: Plan): readonly string[] {
  const harm = worstHarm(plan, shippedCatalogs);
  const stops = plan.stopConditions.map(({ summary }) => `it stops by itself: ${summary}`);
  const isHarmless = plan.steps.every(({ fault }) => fault === undefined);
  return [
    ...(harm === undefined || harm === 0 ? [] : [`at most ${harm} requests of the load fall due while a fault is on`]),
    ...(stops.length === 0 && !isHarmless ? ['nothing stops it by itself'] : stops),
  ];
}

function longestLeaseMs({ steps }: Plan): number {
  return Math.max(0, ...steps.map(({ fault }) => fault?.leaseMs ?? 0));
}
