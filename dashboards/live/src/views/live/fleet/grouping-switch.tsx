/** Hosts or services as frames of the picture; nothing where there are no hosts. */
import { fleet } from '../../../state/fleet.js';
import { type Grouping, grouping } from './grouping.js';

const WORDS: Readonly<Record<Grouping, string>> = { host: 'By host', service: 'By service' };

export function GroupingSwitch() {
  if (fleet.value === null) return null;
  return (
    <div class="buttons">
      {(['host', 'service'] as const).map((one) => (
        <button
          key={one}
          type="button"
          class="button"
          aria-pressed={grouping.value === one}
          onClick={() => {
            grouping.value = one;
          }}
        >
          {WORDS[one]}
        </button>
      ))}
    </div>
  );
}
