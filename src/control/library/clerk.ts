/**
 * Whom the routes ask about runs of before and about experiments. To judge a journal or to plan takes a processor for seconds, which a daemon that
 * carries traffic does not have: whoever answers does it elsewhere, in a thread of its own. Answers are texts, because they only pass through here.
 */
import type { PlansAnswer } from './contract.js';

export type Question =
  | { kind: 'runs'; title?: string | undefined; verdict?: Verdict | undefined; beforeWallMs?: number | undefined; limit: number }
  | { kind: 'report'; run: string; extension: string }
  | { kind: 'compare'; before: string; after: string }
  | { kind: 'coverage'; expireDays: number }
  | { kind: 'trend'; title?: string | undefined; figure?: string | undefined; limit: number }
  | { kind: 'pictures'; run?: string | undefined }
  | { kind: 'picture'; run?: string | undefined; name: string; scheme?: 'light' | 'dark' | undefined }
  | { kind: 'answer'; run: string; question: string; text: string; by: string }
  | { kind: 'shipped' }
  | { kind: 'plan'; plan: PlanRequest };

export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'error';

export interface PlanRequest {
  /** One that is shipped, by its name, or a text of the caller's. */
  source: { kind: 'shipped'; file: string } | { kind: 'text'; name: string; text: string };
  variables: Readonly<Record<string, string>>;
  variant?: string | undefined;
  /** The plan's own, or drawn, if left out. */
  seed?: number | undefined;
}

/** What the clerk says of a plan; the desk adds under which name it may be started. */
export interface Planned extends Pick<PlansAnswer, 'plans' | 'declared' | 'commandLine'> {
  /** Equal for equal plans: files may have changed since somebody looked. */
  digest: string;
  /** Where it lies on this machine; `null` for a text. */
  path: string | null;
}

export interface Clerk extends AsyncDisposable {
  /** The answer as text: JSON of the shape in contract.ts, a report, or a picture. Rejects as what was asked does, with BOUND_REACHED while too many ask, and with CLERK_FAILED. */
  ask(question: Question): Promise<string>;
}
