/** Five members of whom one leads and is cut off: who answers under which term, where it is known who may and who may not. */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import { linkName } from '../../src/journal/observations.js';
import type { RunRecord } from '../../src/journal/record.js';
import { foldJournal } from '../../src/journal/record.js';
import { type HistoryExchange, INVENTORY, journalOf } from './histories.js';

export const CUT_OFF = 'leader-cut-off';

/**
 * `refuses`: who is cut off answers with errors. `acts`: it goes on as if nothing were. `sameTerm`: the new leader takes the old one's term.
 * `flaps`: a new term every second. `stays`: the fault cuts off somebody who does not lead.
 */
export type OldLeader = 'refuses' | 'acts' | 'sameTerm' | 'flaps' | 'stays';

export interface MembersCycle {
  seed: number;
  conduct: OldLeader;
  /** Nobody asks. */
  isIdle?: boolean;
  /** Cut off by itself, or together with so many others. */
  apart?: number;
}

const [FROM_MS, ELECTED_MS, TO_MS, END_MS] = [9_000, 11_500, 19_000, 25_000];
const EVERY_MS = 30;

/** 33 requests a second, by turns to who leads for the one side and for the other. */
export function membersCycle({ seed, conduct, isIdle = false, apart = 1 }: MembersCycle): RunRecord {
  const draw = drawStream(keyedDraw({ seed, faultId: 'members' }), 'requests');
  const exchanges: HistoryExchange[] = [];
  for (let i = 0; !isIdle && i * EVERY_MS < END_MS; i++) {
    const startMs = i * EVERY_MS + 5 * draw();
    exchanges.push(answerTo(startMs, conduct, { isOldSide: i % 2 === 0, tookMs: 2 + 20 * draw() }));
  }
  const fault = { step: CUT_OFF, fromMs: FROM_MS, toMs: TO_MS, instances: [INVENTORY[0]] };
  return foldJournal(withMembers(journalOf({ exchanges, faults: [fault], toMs: END_MS + 1_000 }), apart));
}

function answerTo(startMs: number, conduct: OldLeader, { isOldSide, tookMs }: { isOldSide: boolean; tookMs: number }): HistoryExchange {
  const isCut = startMs >= FROM_MS && startMs < TO_MS && conduct !== 'stays';
  const isReplaced = startMs >= ELECTED_MS && conduct !== 'stays';
  const to = isReplaced && !(isCut && isOldSide) ? INVENTORY[1] : INVENTORY[0];
  const isRefused = isCut && to === INVENTORY[0] && conduct !== 'acts';
  const newTerm = conduct === 'sameTerm' ? 7 : conduct === 'flaps' ? 8 + Math.floor((startMs - ELECTED_MS) / 1_000) : 8;
  const term = to === INVENTORY[1] ? newTerm : 7;
  const answered = isRefused ? { status: 503 } : { status: 200, answerTokens: { 'x-term': String(term) } };
  const endMs = startMs + tookMs;
  return {
    from: 'gateway-1',
    to,
    method: 'PUT',
    path: '/items/1',
    startMs,
    requestEndMs: startMs,
    responseStartMs: endMs,
    endMs,
    ...answered,
  };
}

/** The members call each other, and the fault cuts the first of them off. */
function withMembers(events: ReturnType<typeof journalOf>, apart: number): ReturnType<typeof journalOf> {
  const pairs = INVENTORY.flatMap((from) => INVENTORY.filter((to) => to !== from).map((to) => ({ from, to })));
  const side = (name: string): boolean => INVENTORY.indexOf(name as (typeof INVENTORY)[number]) < apart;
  const links = pairs.map(({ from, to }) => ({
    name: linkName(from, to),
    from,
    fromService: 'inventory',
    to,
    toService: 'inventory',
    protocol: 'http' as const,
  }));
  const cut = links.filter(({ from, to }) => side(from) !== side(to)).map(({ name }) => name);
  return events.map((event) => {
    if (event.type !== 'runStarted') return event;
    const steps = event.plan.steps.map((step) => (step.fault === undefined ? step : { ...step, fault: { ...step.fault, links: cut } }));
    return { ...event, plan: { ...event.plan, links: [...event.plan.links, ...links], steps } };
  });
}
