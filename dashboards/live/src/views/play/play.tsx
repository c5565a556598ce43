/** A system of the lab that people try things on: what it is, what to try, what each instance says of itself, and a button for everything that can be done to it. */
import type { RecordedPlan } from '../../../../../src/journal/events.js';
import type { RecordedPlay } from '../../../../../src/journal/recorded-play.js';
import { Button } from '../../parts/button.js';
import { Failure } from '../../parts/failure.js';
import { routeTo } from '../../shell/route.js';
import { plan, run } from '../../state/live.js';
import { wordsOf } from '../chaos/acts.js';
import { GroupCut } from '../chaos/group-cut-form.js';
import { acts, failure, handFaults, refusal, undo } from '../chaos/hand.js';
import { Promises } from '../live/details/promises.js';
import { defineView } from '../view.js';
import { Answers } from './answers.js';
import { BeginningAgain, Defences } from './defences.js';
import { Ending } from './ending.js';
import { Instances } from './instances.js';
import { LastChanges } from './last-changes.js';

function Play() {
  const recorded = plan.value;
  if (recorded?.play === undefined || run.value === null) return <HowTo />;
  return <Playground recorded={recorded} play={recorded.play} />;
}

function HowTo() {
  return (
    <div class="empty">
      <h1>Play</h1>
      <p>No system to play with is up. Start one, and this page is about it:</p>
      <p>
        <code>faultlab lab play quorum</code>; there are lease, registers, generals, detectors and shop, too.
      </p>
    </div>
  );
}

function Playground({ recorded, play }: { recorded: RecordedPlan; play: RecordedPlay }) {
  const newest = acts.value.at(-1);
  return (
    <div class="play">
      <div class="title-row">
        <h1>{recorded.title}</h1>
        <BeginningAgain />
        <Ending />
      </div>
      <section class="panel" aria-labelledby="play-about">
        <h2 id="play-about">What it is</h2>
        <p>{play.about}</p>
        <h3>Try this</h3>
        <ol>
          {play.tryThis.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ol>
        <h3>Watch</h3>
        <ul>
          {play.watch.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <Defences recorded={recorded} play={play} />
        <h3>Promises so far</h3>
        <Promises />
      </section>
      <div class="happening">
        <section class="panel" aria-labelledby="play-nodes">
          <div class="title-row">
            <h2 id="play-nodes">The processes</h2>
            <a href={routeTo('live')}>Who calls whom</a>
          </div>
          <Instances recorded={recorded} play={play} />
          <Failure of={failure.value ?? refusal.value} />
          <div class="buttons">
            <Button refusal={newest === undefined ? 'nothing was done on this page yet' : undefined} onClick={() => void undo()}>
              Undo{newest !== undefined && ` ${wordsOf(newest)}`}
            </Button>
          </div>
          <p class="soft" role="status">
            {handFaults.value.length === 0
              ? 'Nothing is wrong by your hand.'
              : `On now: ${handFaults.value.map(({ type, on }) => `${type} on ${on.join(', ')}`).join('; ')}.`}
          </p>
          <GroupCut />
        </section>
        <section class="panel" aria-labelledby="play-answers">
          <h2 id="play-answers">Accepted and refused</h2>
          <Answers recorded={recorded} play={play} />
        </section>
        <section class="panel" aria-labelledby="play-changes">
          <h2 id="play-changes">What they say, as it changes</h2>
          <LastChanges />
        </section>
      </div>
    </div>
  );
}

export const play = defineView({ name: 'play', title: 'Play', menu: { word: 'Play', place: 90 }, Component: Play });
