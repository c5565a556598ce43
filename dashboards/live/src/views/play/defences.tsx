/** The defences of the system: what they are set to, and how it is begun anew with another setting. */
import type { RecordedPlan } from '../../../../../src/journal/events.js';

export function Defences({ recorded: { title, inputs } }: { recorded: RecordedPlan }) {
  const defences = Object.entries(inputs).filter(([, value]) => value === 'on' || value === 'off');
  if (defences.length === 0) return null;
  const name = title.replace(/^play-/, '');
  return (
    <>
      <h3>Defences</h3>
      <ul class="defences">
        {defences.map(([input, value]) => (
          <li key={input}>
            <span class={`state ${value}`}>{value}</span> {input}
            <code>
              faultlab lab play {name} --var {input}={value === 'on' ? 'off' : 'on'}
            </code>
          </li>
        ))}
      </ul>
    </>
  );
}
