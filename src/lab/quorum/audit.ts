/** Whether what somebody was told is written really is: each member is asked for itself, so that what only some have is found as well. */
import { z } from 'zod';
import type { Member } from './member.js';
import { TEXT_CHARACTERS_MAX } from './messages.js';

/** In one question, so that it stays below what a body may be also where every character takes two bytes. */
export const AUDITED_MAX = 75;

const text = z.string().min(1).max(TEXT_CHARACTERS_MAX);
export const auditSchema = z.strictObject({ items: z.array(z.tuple([text, text])).max(AUDITED_MAX) });
type AuditAsk = z.output<typeof auditSchema>;

/** An item counts if it was decided here at any time: it may have been written again since. */
export function audit(
  { log, committed, role }: Pick<Member, 'log' | 'committed' | 'role'>,
  { items }: AuditAsk,
): { missing: number; isLeader: boolean } {
  const keys = new Set(items.map(([key]) => key));
  const known = new Set<string>();
  for (const { key, value } of log.slice(0, committed)) if (keys.has(key)) known.add(nameOf(key, value));
  return { missing: items.filter(([key, value]) => !known.has(nameOf(key, value))).length, isLeader: role.kind === 'leader' };
}

function nameOf(key: string, value: string): string {
  return JSON.stringify([key, value]);
}
