/** One of a few, with words for each. */
import { useId } from 'preact/hooks';

export interface ChoiceProps<T extends string> {
  label: string;
  /** Value → what it is called. */
  of: Readonly<Record<T, string>>;
  value: T;
  onValue: (value: T) => void;
}

export function Choice<T extends string>({ label, of, value, onValue }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onValue(event.currentTarget.value as T)}>
        {Object.entries<string>(of).map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
