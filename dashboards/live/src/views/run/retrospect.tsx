/** What people said and decided in a run, what a game day promised them, and its questions, which can be answered here when it has ended. */
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.js';
import { Failure } from '../../parts/failure.js';
import { formatInstant } from '../../parts/words.js';
import { personName } from '../../state/person.js';
import { ask } from '../../wire/request.js';
import { NameField } from '../people/name-field.js';
import { sayOne } from '../people/say-one.js';
import { type RunReport, routeOfRun } from './report-of-run.js';

interface RetrospectProps {
  run: string;
  report: RunReport;
  onAnswered: () => void;
}

export function Retrospect({ run, report: { said, gameDay }, onAnswered }: RetrospectProps) {
  if (said.length === 0 && gameDay === null) return null;
  return (
    <>
      <h2>People</h2>
      {gameDay !== null && <Day gameDay={gameDay} />}
      <SaidList said={said} />
      {gameDay !== null && gameDay.questions.length > 0 && <Questions run={run} questions={gameDay.questions} onAnswered={onAnswered} />}
    </>
  );
}

function Day({ gameDay: { briefing, briefedBy, people, acts } }: { gameDay: NonNullable<RunReport['gameDay']> }) {
  return (
    <>
      {briefing !== null && <pre>{briefing}</pre>}
      {briefedBy !== null && <p class="soft">Begun by {briefedBy}.</p>}
      {people.length > 0 && <p>{people.map(({ name, role }) => (role === null ? name : `${name} (${role})`)).join(', ')}</p>}
      <ol>
        {acts.map(({ title, outcome, promises }) => (
          <li key={title}>
            {title}: <b>{outcome}</b> <span class="soft">{promises.join(', ')}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

function SaidList({ said }: { said: RunReport['said'] }) {
  if (said.length === 0) return <p class="soft">Nobody said anything.</p>;
  return (
    <ul class="said">
      {said.map((one) => (
        <li key={JSON.stringify([one.atMs, one])}>
          <span class="n">{formatInstant(one.atMs, 0)}</span> <b>{one.by}</b> {sayOne(one)}
        </li>
      ))}
    </ul>
  );
}

interface QuestionsProps {
  run: string;
  questions: NonNullable<RunReport['gameDay']>['questions'];
  onAnswered: () => void;
}

function Questions({ run, questions, onAnswered }: QuestionsProps) {
  return (
    <>
      <h3>Questions</h3>
      <NameField />
      {questions.map(({ question, answers }) => (
        <section key={question} class="question">
          <h4>{question}</h4>
          {answers.map(({ by, text }) => (
            <p key={`${by} ${text}`}>
              {text} <span class="soft">{by}</span>
            </p>
          ))}
          <AnswerForm run={run} question={question} onAnswered={onAnswered} />
        </section>
      ))}
    </>
  );
}

function AnswerForm({ run, question, onAnswered }: { run: string; question: string; onAnswered: () => void }) {
  const [text, setText] = useState('');
  const [failure, setFailure] = useState<unknown>(undefined);
  const send = async (): Promise<void> => {
    setFailure(undefined);
    try {
      await ask(routeOfRun(run, 'answers'), { method: 'POST', body: { question, text, by: personName.value || 'somebody' } });
      setText('');
      onAnswered();
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') void send();
      }}
    >
      <label class="field">
        <span class="hidden">Answer to: {question}</span>
        <textarea rows={2} value={text} placeholder="What did you see?" onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <Button type="submit" refusal={text.trim() === '' ? 'write an answer first' : undefined}>
        Answer
      </Button>
      <Failure of={failure} />
    </form>
  );
}
