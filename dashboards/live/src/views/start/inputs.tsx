/** The knobs of an experiment: what they stand at, and what they may be set to. Only what differs from the plan's own is sent. */
import { useState } from 'preact/hooks';
import type { ShippedAnswer } from '../../../../../src/control/library/contract.js';
import { Button } from '../../parts/button.js';
import type { Chosen } from './choose-experiment.js';

type Declared = Omit<ShippedAnswer['experiments'][number], 'file'>;
type Input = Declared['inputs'][number];

interface InputsProps {
  declared: Declared;
  onPlan: (given: Pick<Chosen, 'variables' | 'variant' | 'seed'>) => void;
}

export function Inputs({ declared: { inputs, variants }, onPlan }: InputsProps) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [variant, setVariant] = useState('');
  const [seed, setSeed] = useState('');
  const plan = (): void => {
    const variables = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
    onPlan({ variables, ...(variant !== '' && { variant }), ...(seed !== '' && { seed: Number(seed) }) });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        plan();
      }}
    >
      {variants.length > 0 && <Select label="Variant" value={variant} none="none" choices={variants} onChange={setVariant} />}
      {inputs.map((input) => (
        <InputField
          key={input.name}
          input={input}
          value={values[input.name] ?? ''}
          onChange={(value) => setValues((before) => ({ ...before, [input.name]: value }))}
        />
      ))}
      <label class="field">
        Seed
        <input
          inputMode="numeric"
          pattern="[0-9]*"
          value={seed}
          placeholder="the plan’s own"
          onInput={(event) => setSeed(event.currentTarget.value)}
        />
      </label>
      <Button type="submit" look="main">
        Show the plan
      </Button>
    </form>
  );
}

function InputField({ input, value, onChange }: { input: Input; value: string; onChange: (value: string) => void }) {
  const { name, type, description, choices } = input;
  const own = input.default ?? 'has to be given';
  if (choices.length > 0) return <Select label={name} help={description} value={value} none={own} choices={choices} onChange={onChange} />;
  return (
    <label class="field">
      {name}
      <input value={value} placeholder={own} onInput={(event) => onChange(event.currentTarget.value)} />
      <small>{description === '' ? type : `${description} (${type})`}</small>
    </label>
  );
}

interface SelectProps {
  label: string;
  help?: string;
  value: string;
  /** What it is when nothing is chosen. */
  none: string;
  choices: readonly string[];
  onChange: (value: string) => void;
}

function Select({ label, help = '', value, none, choices, onChange }: SelectProps) {
  return (
    <label class="field">
      {label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{none} (the plan’s own)</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
      {help !== '' && <small>{help}</small>}
    </label>
  );
}
