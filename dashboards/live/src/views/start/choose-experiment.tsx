/** The experiments that are shipped, or a text of one's own, with the inputs that it asks for. */
import { useState } from 'preact/hooks';
import type { ShippedAnswer } from '../../../../../src/control/library/contract.js';
import { Button } from '../../parts/button.js';
import { Failure } from '../../parts/failure.js';
import { Inputs } from './inputs.js';

/** As `POST /v1/plans` takes it. */
export type Chosen = ({ file: string } | { text: string; name: string }) & {
  variables: Readonly<Record<string, string>>;
  variant?: string | undefined;
  seed?: number | undefined;
};

type Shipped = ShippedAnswer['experiments'][number];

const TEXT_BYTES_MAX = 1024 * 1024;

interface ChooseExperimentProps {
  experiments: readonly Shipped[];
  onPlan: (chosen: Chosen) => void;
}

export function ChooseExperiment({ experiments, onPlan }: ChooseExperimentProps) {
  const [from, setFrom] = useState<'shipped' | 'text'>('shipped');
  return (
    <section aria-label="Experiment">
      <fieldset class="filters">
        <legend class="hidden">Where it comes from</legend>
        <label>
          <input type="radio" name="from" checked={from === 'shipped'} onChange={() => setFrom('shipped')} /> shipped
        </label>
        <label>
          <input type="radio" name="from" checked={from === 'text'} onChange={() => setFrom('text')} /> your own
        </label>
      </fieldset>
      {from === 'shipped' ? <ShippedChoice experiments={experiments} onPlan={onPlan} /> : <OwnText onPlan={onPlan} />}
    </section>
  );
}

function ShippedChoice({ experiments, onPlan }: ChooseExperimentProps) {
  const [words, setWords] = useState('');
  const [file, setFile] = useState<string | undefined>(undefined);
  const shown = experiments.filter(({ title, file: name, description }) =>
    `${title} ${name} ${description}`.toLowerCase().includes(words.trim().toLowerCase()),
  );
  const chosen = experiments.find((one) => one.file === file);
  return (
    <>
      <label class="field">
        Find
        <input
          type="search"
          value={words}
          placeholder="a word of its name or its text"
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      </label>
      <ul class="choices" aria-label={`${shown.length} experiments`}>
        {shown.map((one) => (
          <li key={one.file}>
            <button type="button" aria-pressed={one.file === file} onClick={() => setFile(one.file)}>
              {one.title}
              <small>{one.file}</small>
            </button>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p class="soft">None is like that.</p>}
      {chosen !== undefined && (
        <>
          <p class="soft">{chosen.description}</p>
          <Inputs key={chosen.file} declared={chosen} onPlan={(given) => onPlan({ file: chosen.file, ...given })} />
        </>
      )}
    </>
  );
}

function OwnText({ onPlan }: { onPlan: (chosen: Chosen) => void }) {
  const [text, setText] = useState('');
  const [name, setName] = useState('experiment.yaml');
  const [failure, setFailure] = useState<unknown>(undefined);
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setFailure(file.size > TEXT_BYTES_MAX ? new Error(`${file.name} is larger than ${TEXT_BYTES_MAX} bytes`) : undefined);
    if (file.size > TEXT_BYTES_MAX) return;
    setText(await file.text());
    setName(file.name.replace(/[^\w.-]/g, '-').replace(/^[.]+/, '') || 'experiment.yaml');
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onPlan({ text, name, variables: {} });
      }}
    >
      <label class="field">
        A file
        <input type="file" accept=".yaml,.yml" onChange={(event) => void take(event.currentTarget.files?.[0])} />
      </label>
      <label class="field">
        or its text
        <textarea class="source" spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        <small>It can include no other file.</small>
      </label>
      <Failure of={failure} />
      <Button type="submit" look="main" refusal={text.trim() === '' ? 'there is no text yet' : undefined}>
        Show the plan
      </Button>
    </form>
  );
}
