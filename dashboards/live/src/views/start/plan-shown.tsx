/** What a plan would do, and the way to do it: a button where the daemon allows it, else the command to type. */
import { useState } from 'preact/hooks';
import type { PlansAnswer, PlanView } from '../../../../../src/control/library/contract.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Failure } from '../../parts/failure.js';
import { formatMs, plural } from '../../parts/words.js';
import { ask } from '../../wire/request.js';
import { PlanTimeline } from './plan-timeline.js';
import { lookAgain } from './started.js';

export function PlanShown({ answer }: { answer: PlansAnswer }) {
  const { plans, commandLine, mayStart } = answer;
  return (
    <>
      {plans.map((plan) => (
        <OnePlan key={plan.file} plan={plan} />
      ))}
      {mayStart ? <StartButton answer={answer} /> : <TypeIt commandLine={commandLine} />}
    </>
  );
}

function OnePlan({ plan }: { plan: PlanView }) {
  const { title, environment, seed, durationMs, harmed, foreseen, checks, obstacles, briefing, text } = plan;
  return (
    <>
      <h2>{title}</h2>
      <p>
        About {formatMs(durationMs)} in environment {environment}, seed {seed}; {plural(checks.length, 'promise')}.{' '}
        {harmed !== null && harmed > 0 && `At most ${harmed} requests of the load fall due while a fault is on.`}
      </p>
      {obstacles.map((obstacle) => (
        <p key={obstacle} class="notice failure">
          {obstacle}
        </p>
      ))}
      {foreseen.length > 0 && (
        <div class="notice">
          <p>Foreseen:</p>
          <ul>
            {foreseen.map(({ about, says }) => (
              <li key={`${about} ${says}`}>
                <b>{about}</b>: {says}
              </li>
            ))}
          </ul>
        </div>
      )}
      {briefing !== null && <pre>{briefing}</pre>}
      <PlanTimeline plan={plan} />
      <details>
        <summary>All of the plan, as faultlab plan says it</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
        <pre class="plan-text" tabIndex={0}>
          {text}
        </pre>
      </details>
    </>
  );
}

function TypeIt({ commandLine }: { commandLine: string }) {
  return (
    <>
      <p>To run it, type:</p>
      <pre>{commandLine}</pre>
      <p class="soft">
        A daemon that was started with <code>--allow-runs</code> starts it from here.
      </p>
    </>
  );
}

function StartButton({ answer: { id, plans } }: { answer: PlansAnswer }) {
  const [isOpen, setOpen] = useState(false);
  const [failure, setFailure] = useState<unknown>(undefined);
  const begin = async (): Promise<void> => {
    setOpen(false);
    setFailure(undefined);
    try {
      await ask(`/v1/plans/${encodeURIComponent(id)}/start`, { method: 'POST', body: {} });
      lookAgain();
      // What becomes of it stands above.
      scrollTo({ top: 0 });
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <>
      <div class="buttons">
        <Button look="main" onClick={() => setOpen(true)}>
          Start it…
        </Button>
      </div>
      <Failure of={failure} />
      <Dialog title="Start it?" isOpen={isOpen} onClose={() => setOpen(false)}>
        <p>It starts these programs on the daemon’s machine, as whoever started the daemon:</p>
        <Programs plans={plans} />
        <div class="buttons">
          <Button look="main" onClick={() => void begin()}>
            Start
          </Button>
          <Button onClick={() => setOpen(false)}>Not now</Button>
        </div>
      </Dialog>
    </>
  );
}

function Programs({ plans }: { plans: readonly PlanView[] }) {
  const programs = plans.flatMap((plan) => plan.programs);
  if (programs.length === 0) return <p>none</p>;
  return (
    <ul>
      {programs.map(({ name, argv, instances }) => (
        <li key={name}>
          <b>{name}</b> ({instances} ×) <code>{argv.join(' ')}</code>
        </li>
      ))}
    </ul>
  );
}
