/** Where plans are looked at before they are started. What is started is what somebody has looked at: a file that has changed since is refused. */
import { LabError } from '../../core/errors.js';
import type { Clerk, Planned, PlanRequest } from './clerk.js';
import type { PlansAnswer, Started } from './contract.js';
import type { RunStarter } from './run-starter.js';

/** Plans that may be kept to be started; the oldest makes room. */
const PLANS_MAX = 20;
const ID_CHARACTERS = 16;

interface Kept {
  request: PlanRequest;
  planned: Planned;
}

export class PlanDesk {
  readonly #clerk: Clerk;
  readonly #starter: RunStarter | undefined;
  readonly #kept = new Map<string, Kept>();

  /** Without a starter plans can only be looked at. */
  constructor(clerk: Clerk, starter: RunStarter | undefined) {
    this.#clerk = clerk;
    this.#starter = starter;
  }

  /** Rejects as planning does, PLAN_INVALID above all. */
  async plan(request: PlanRequest): Promise<PlansAnswer> {
    const planned = await this.#planned(request);
    const id = planned.digest.slice(0, ID_CHARACTERS);
    this.#kept.delete(id);
    this.#kept.set(id, { request: withSeed(request, planned), planned });
    for (const oldest of [...this.#kept.keys()].slice(0, -PLANS_MAX)) this.#kept.delete(oldest);
    const { plans, declared, commandLine } = planned;
    return { id, plans, declared, commandLine, mayStart: this.#starter !== undefined };
  }

  get started(): Started {
    return this.#starter?.started ?? { kind: 'none', mayStart: false };
  }

  /** Rejects with PLAN_UNKNOWN, RUNS_NOT_ALLOWED, PLAN_CHANGED, or RUN_ACTIVE while another goes on. */
  async start(id: string): Promise<Started> {
    const kept = this.#kept.get(id);
    if (kept === undefined) throw new LabError('PLAN_UNKNOWN', { plan: id });
    const { request, planned } = kept;
    if (this.#starter === undefined) throw new LabError('RUNS_NOT_ALLOWED', { commandLine: planned.commandLine });
    const [first] = planned.plans;
    const title = planned.plans.length === 1 && first !== undefined ? first.title : planned.declared.title;
    if (request.source.kind === 'shipped' && (await this.#planned(request)).digest !== planned.digest)
      throw new LabError('PLAN_CHANGED', { file: request.source.file });
    return this.#starter.start({ plan: id, title, request, path: planned.path });
  }

  stop(): Started {
    this.#starter?.stop();
    return this.started;
  }

  async #planned(request: PlanRequest): Promise<Planned> {
    return JSON.parse(await this.#clerk.ask({ kind: 'plan', plan: request })) as Planned;
  }
}

/** A seed that was drawn is part of what somebody has looked at. Experiments of a game day have one each. */
function withSeed(request: PlanRequest, { plans }: Planned): PlanRequest {
  const [only] = plans;
  return plans.length === 1 && only !== undefined ? { ...request, seed: only.seed } : request;
}
