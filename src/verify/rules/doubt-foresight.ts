/**
 * Whether anybody will have to ask twice: only who is not told whether his request was carried out may ask for it once more. What a reader gets wrong: a fault that
 * answers in the callee's place makes nothing happen twice, for the callee has never heard of the request.
 */
import type { RecordedPlan } from '../../journal/events.js';
import type { Foresight, Outlook } from '../foresight.js';
import { foreseeUnnoted } from './noted-ahead.js';

/** Services that call it. */
export function callersOf(at: string, { plan }: { plan: RecordedPlan }): readonly string[] {
  return [...new Set(plan.links.filter(({ toService }) => toService === at).map(({ fromService }) => fromService))];
}

export function manyCallers(at: string, count: number): string {
  return `${count} services call ${at}: name the header that a request is known by, as \`key\``;
}

interface Promised {
  at: string;
  during: string | readonly string[] | undefined;
  /** By which a request is known again. */
  header: string | undefined;
}

export function foreseeDuplicates({ at, during, header }: Promised, outlook: Outlook): readonly Foresight[] {
  const unknown = header === undefined ? foreseeManyCallers(at, outlook) : foreseeUnnoted({ at, header }, outlook);
  return [...unknown, ...[during ?? []].flat().flatMap((step) => foreseeNoDoubt(at, step, outlook))];
}

/** Requests of several callers are told apart by a header alone. */
function foreseeManyCallers(at: string, outlook: Outlook): readonly Foresight[] {
  const callers = callersOf(at, outlook);
  return callers.length > 1 ? [{ kind: 'cannotJudge', says: manyCallers(at, callers.length) }] : [];
}

function foreseeNoDoubt(at: string, step: string, outlook: Outlook): readonly Foresight[] {
  const links = outlook.plan.links.filter(({ toService }) => toService === at).map(({ name }) => name);
  const prospect = outlook.during(step);
  const isUnheard = prospect?.harm?.kind === 'fails' && prospect.harm.isUnheard === true;
  if (!isUnheard || !prospect.isAlone || !prospect.fault.links.some((link) => links.includes(link))) return [];
  const says = `"${step}" answers in the place of ${at}, which never has the request: whoever asks again has it done once`;
  return [{ kind: 'cannotFail', says }];
}
