/** What is told of a run, made of its journal's events as they come and of the verdict in the end: that it starts, that it stops early, what was found. */
import type { NoticeKind } from '../../experiment/schema/notify.js';
import type { JournalEvent } from '../../journal/events.js';

const FINDINGS_MAX = 50;
const TEXT_MAX = 500;

export interface Notice {
  kind: NoticeKind;
  run: string;
  title: string;
  environment: string;
  owner?: string;
  runbook?: string;
  /** Milliseconds since 1970. */
  wallMs: number;
  /** Why it stops, or what the verdict says, in a sentence. */
  reason?: string;
  verdict?: string;
  exitCode?: number;
  /** The worst first. */
  findings?: readonly NoticedFinding[];
}
export interface NoticedFinding {
  name: string;
  check: string;
  verdict: string;
  summary: string;
}
/** What the judge said. */
export interface NoticedVerdict {
  verdict: string;
  exit: { code: number; reason: string };
  findings: readonly NoticedFinding[];
}

const WORST_FIRST = ['error', 'fail', 'inconclusive', 'pass'];

export class Notices {
  #about: Omit<Notice, 'kind'> | undefined;
  #startedMs = 0;
  #isStopped = false;
  #endedWallMs = 0;

  /** What one more event gives reason to tell. */
  heed(event: JournalEvent): Notice | undefined {
    if (event.type === 'runStarted') return this.#start(event);
    this.#endedWallMs = this.#wallMs(event.atMs);
    const reason = stopReason(event);
    if (this.#about === undefined || reason === undefined || this.#isStopped) return undefined;
    this.#isStopped = true;
    return { ...this.#about, kind: 'stop', wallMs: this.#endedWallMs, reason: cut(reason) };
  }

  /** Undefined for a run that never started. */
  judged({ verdict, exit, findings }: NoticedVerdict): Notice | undefined {
    if (this.#about === undefined) return undefined;
    const told = [...findings]
      .sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict))
      .slice(0, FINDINGS_MAX)
      .map((finding) => ({ name: finding.name, check: finding.check, verdict: finding.verdict, summary: cut(finding.summary) }));
    return {
      ...this.#about,
      kind: 'verdict',
      wallMs: this.#endedWallMs,
      verdict,
      exitCode: exit.code,
      reason: cut(exit.reason),
      findings: told,
    };
  }

  #start({ run, wallMs, atMs, plan }: Extract<JournalEvent, { type: 'runStarted' }>): Notice {
    const { title, environment, owner, runbook } = plan;
    this.#startedMs = atMs;
    this.#endedWallMs = wallMs;
    this.#about = { run, title, environment, ...(owner !== undefined && { owner }), ...(runbook !== undefined && { runbook }), wallMs };
    return { ...this.#about, kind: 'start' };
  }

  #wallMs(atMs: number): number {
    return (this.#about?.wallMs ?? 0) + (atMs - this.#startedMs);
  }
}

/** The first that says it counts: what follows is healing. */
function stopReason(event: JournalEvent): string | undefined {
  switch (event.type) {
    case 'stopTripped':
      return `stop condition: ${event.condition} (${event.detail})`;
    case 'signal':
      return `${event.name} from the operator`;
    case 'errorRaised':
      return event.message;
    case 'runEnded':
      return event.status === 'completed' ? undefined : (event.reason ?? event.status);
    default:
      return undefined;
  }
}

function cut(text: string): string {
  return text.slice(0, TEXT_MAX);
}
