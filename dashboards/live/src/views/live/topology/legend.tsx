/** What the lines and marks of the topology mean. */
const ENTRIES = [
  { look: 'well', text: 'well' },
  { look: 'hurt', text: '≥ 1 % errors' },
  { look: 'bad', text: '≥ 10 % errors' },
  { look: 'idle', text: 'idle' },
] as const;

export function Legend() {
  return (
    <ul class="legend">
      {ENTRIES.map(({ look, text }) => (
        <li key={look}>
          <svg class="topology" viewBox="0 0 26 10" aria-hidden="true">
            <path class={`line ${look}`} d="M0 5H26" stroke-width="3.5" />
          </svg>
          {text}
        </li>
      ))}
      <li>
        <svg class="topology" viewBox="0 0 26 10" aria-hidden="true">
          <path class="line well faulty" d="M0 5H26" stroke-width="3.5" />
        </svg>
        a fault is on: ‖ cut, ◷ slow, ϟ spoilt
      </li>
      <li>width: traffic</li>
    </ul>
  );
}
