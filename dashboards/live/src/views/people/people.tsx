/** What people have a part in: gates that wait for somebody, notes, and the briefing, roles and acts of a game day. */
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.js';
import { Failure } from '../../parts/failure.js';
import { routeTo } from '../../shell/route.js';
import { daemonState, events, gates, plan, run } from '../../state/live.js';
import { personName } from '../../state/person.js';
import { ask } from '../../wire/request.js';
import { defineView } from '../view.js';
import { Acts } from './acts.js';
import { Gate } from './gate.js';
import { NameField } from './name-field.js';
import { Said } from './said.js';

function People() {
  if (run.value === null && (daemonState.value?.claimedBy ?? null) === null) return <Nobody />;
  return (
    <>
      <h1>People</h1>
      <NameField />
      <Waiting />
      <NoteForm />
      <GameDay />
      <h2>Said so far</h2>
      <Said events={events.value} startMs={run.value?.started.atMs ?? 0} />
      <Afterwards />
    </>
  );
}

function Nobody() {
  return (
    <>
      <h1>People</h1>
      <div class="empty">
        <p>No run uses this daemon, so nobody is asked and there is nothing to speak into.</p>
        <p>
          While one goes on, its gates are answered here, and notes go into its journal. <a href={routeTo('start')}>Start one</a>, or look
          at <a href={routeTo('runs')}>what was said in runs of before</a>.
        </p>
      </div>
    </>
  );
}

function Waiting() {
  const open = gates.value;
  if (open.length === 0) return null;
  return (
    <>
      <h2>Decide</h2>
      {open.map((gate) => (
        <Gate key={gate.name} gate={gate} />
      ))}
    </>
  );
}

function NoteForm() {
  const [text, setText] = useState('');
  const [failure, setFailure] = useState<unknown>(undefined);
  if ((daemonState.value?.claimedBy ?? null) === null) return <p class="soft">No run goes on: notes and gates are there while one does.</p>;
  const send = async (): Promise<void> => {
    setFailure(undefined);
    try {
      await ask('/v1/notes', { method: 'POST', body: { text, by: personName.value || 'somebody' } });
      setText('');
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <form
      class="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') void send();
      }}
    >
      <label class="field">
        A note for the journal
        <textarea rows={2} maxLength={2000} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <Button type="submit" refusal={text.trim() === '' ? 'write something first' : undefined}>
        Note it
      </Button>
      <Failure of={failure} />
    </form>
  );
}

function GameDay() {
  const gameDay = plan.value?.gameDay;
  if (gameDay === undefined) return null;
  const { briefing, people, acts } = gameDay;
  return (
    <>
      <h2>Game day</h2>
      {briefing !== undefined && <pre>{briefing}</pre>}
      {people.length > 0 && (
        <ul>
          {people.map(({ name, role, contact }) => (
            <li key={name}>
              <b>{name}</b> {role} <span class="soft">{contact}</span>
            </li>
          ))}
        </ul>
      )}
      <Acts acts={acts} events={events.value} />
    </>
  );
}

/** Questions are asked when the verdict is known, behind the run. */
function Afterwards() {
  const over = run.value;
  if (over?.ended == null) return null;
  return (
    <p>
      {over.run} has ended: <a href={routeTo('run', [over.run])}>its report, and its questions</a>.
    </p>
  );
}

export const people = defineView({ name: 'people', title: 'People', menu: { word: 'People', place: 4 }, Component: People });
