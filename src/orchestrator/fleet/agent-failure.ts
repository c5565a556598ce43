/** What an agent says went wrong there, made whole again from its code and details; one that we do not know is told by its words. */
import { type ErrorCode, errorCodes, LabError } from '../../core/errors.js';

export interface ToldFailure {
  code: string;
  details: Readonly<Record<string, unknown>>;
}

export function agentFailure(agent: string, { code, details }: ToldFailure): LabError {
  const isOurs = errorCodes.includes(code as ErrorCode);
  const told = Object.fromEntries(Object.entries(details).map(([key, value]) => [key, String(value)]));
  if (isOurs) return new LabError(code as ErrorCode, told);
  return new LabError('AGENT_FAILED', { agent, reason: told['reason'] ?? code });
}
