import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Clerk, Planned, PlanRequest, Question } from '../../../src/control/library/clerk.js';
import type { PlanView } from '../../../src/control/library/contract.js';
import { PlanDesk } from '../../../src/control/library/plan-desk.js';
import { RunStarter, type StartRequest } from '../../../src/control/library/run-starter.js';
import { hostClock } from '../../../src/core/clock.js';

const shop: PlanRequest = { source: { kind: 'shipped', file: 'shop.yaml' }, variables: {} };

const view: PlanView = {
  title: 'shop',
  file: 'shop.yaml',
  environment: 'local',
  seed: 7,
  text: 'shop',
  briefing: null,
  steps: [],
  methodMs: 0,
  durationMs: 0,
  harmed: null,
  foreseen: [],
  checks: [],
  programs: [],
  obstacles: [],
};
const planned = (digest: string): Planned => ({
  plans: [view],
  declared: { title: 'shop', description: '', kind: 'Experiment', inputs: [], variants: [] },
  commandLine: 'faultlab run shop.yaml --seed 7',
  digest,
  path: '/where/shop.yaml',
});

const digestOf = (what: unknown): string => createHash('sha256').update(JSON.stringify(what)).digest('hex');

/** Plans differ by what was planned, and by `edition`: somebody edits the file. */
function stubClerk(): Clerk & { edition: number } {
  return {
    edition: 1,
    ask(question: Question) {
      if (question.kind !== 'plan') throw new Error(`asked for ${question.kind}`);
      const { source, variables } = question.plan;
      return Promise.resolve(JSON.stringify(planned(digestOf([this.edition, source, variables]))));
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** Notes what it is to start. */
class NotingStarter extends RunStarter {
  readonly starts: StartRequest[] = [];
  constructor() {
    super({ clock: hostClock, self: [], runs: 'runs' });
  }
  override async start(request: StartRequest) {
    this.starts.push(request);
    return this.started;
  }
}

describe('a plan', () => {
  it('is started as it was looked at: with the seed that was drawn for it', async () => {
    const starter = new NotingStarter();
    const desk = new PlanDesk(stubClerk(), starter);
    const { id, mayStart } = await desk.plan(shop);
    expect(mayStart).toBe(true);
    await desk.start(id);
    expect(starter.starts).toEqual([{ plan: id, title: 'shop', request: { ...shop, seed: 7 }, path: '/where/shop.yaml' }]);
  });

  it('whose file has changed since is not started', async () => {
    const starter = new NotingStarter();
    const clerk = stubClerk();
    const desk = new PlanDesk(clerk, starter);
    const { id } = await desk.plan(shop);
    clerk.edition = 2;
    await expect(desk.start(id)).rejects.toMatchObject({ code: 'PLAN_CHANGED' });
    expect(starter.starts).toEqual([]);
  });

  it('is not started by a daemon that was not told to allow it, which says what to type', async () => {
    const desk = new PlanDesk(stubClerk(), undefined);
    const { id, mayStart } = await desk.plan(shop);
    expect(mayStart).toBe(false);
    expect(desk.started).toEqual({ kind: 'none', mayStart: false });
    await expect(desk.start(id)).rejects.toMatchObject({
      code: 'RUNS_NOT_ALLOWED',
      hint: expect.stringContaining('faultlab run shop.yaml --seed 7'),
    });
  });

  it('that nobody has looked at, or that twenty others have come after, is unknown', async () => {
    const desk = new PlanDesk(stubClerk(), new NotingStarter());
    await expect(desk.start('nothing')).rejects.toMatchObject({ code: 'PLAN_UNKNOWN' });
    const { id: first } = await desk.plan(shop);
    for (let i = 0; i < 20; i++) await desk.plan({ ...shop, variables: { rate: String(i) } });
    await expect(desk.start(first)).rejects.toMatchObject({ code: 'PLAN_UNKNOWN' });
  });
});
