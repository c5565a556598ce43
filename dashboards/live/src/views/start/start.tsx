/** Choosing an experiment, looking at what it would do, and, where the daemon allows it, starting it. */
import { useState } from 'preact/hooks';
import type { PlansAnswer, ShippedAnswer } from '../../../../../src/control/library/contract.js';
import { Answered } from '../../parts/answered.js';
import { ask } from '../../wire/request.js';
import { useAnswer } from '../../wire/use-answer.js';
import { defineView } from '../view.js';
import { ChooseExperiment, type Chosen } from './choose-experiment.js';
import { PlanFailure } from './plan-failure.js';
import { PlanShown } from './plan-shown.js';
import { StartedRun } from './started-run.js';

type Looked = { kind: 'nothing' } | { kind: 'asking' } | { kind: 'planned'; plans: PlansAnswer } | { kind: 'refused'; error: unknown };

function Start() {
  const { answer } = useAnswer<ShippedAnswer>('/v1/plans/experiments');
  return (
    <>
      <h1>Start an experiment</h1>
      <StartedRun />
      <Answered answer={answer}>{({ experiments }) => <Desk experiments={experiments} />}</Answered>
    </>
  );
}

function Desk({ experiments }: ShippedAnswer) {
  const [looked, setLooked] = useState<Looked>({ kind: 'nothing' });
  const plan = async (chosen: Chosen): Promise<void> => {
    setLooked({ kind: 'asking' });
    try {
      setLooked({ kind: 'planned', plans: await ask<PlansAnswer>('/v1/plans', { method: 'POST', body: chosen }) });
    } catch (error) {
      setLooked({ kind: 'refused', error });
    }
  };
  return (
    <div class="columns">
      <ChooseExperiment experiments={experiments} onPlan={(chosen) => void plan(chosen)} />
      <section aria-label="Plan" aria-live="polite">
        {looked.kind === 'nothing' && (
          <p class="empty">Choose an experiment, and see here what it would do. Nothing is started by looking.</p>
        )}
        {looked.kind === 'asking' && <p class="soft">Planning…</p>}
        {looked.kind === 'refused' && <PlanFailure error={looked.error} />}
        {looked.kind === 'planned' && <PlanShown key={looked.plans.id} answer={looked.plans} />}
      </section>
    </div>
  );
}

export const start = defineView({ name: 'start', title: 'Start', menu: { word: 'Start', place: 3 }, Component: Start });
