/** Which links are in the charts: each with its colour and a way out, and a list to add from. */
import { topology } from '../../../state/live.js';
import { SHOWN_MAX, shownLinks, toggleShown } from '../selection.js';
import { percentile } from './charts.js';

export function LinkPicker() {
  const shown = shownLinks.value;
  const others = topology.value.links.filter(({ name }) => !shown.includes(name));
  return (
    <div class="picker">
      <ul aria-label="Links in the charts">
        {shown.map((link, i) => (
          <li key={link}>
            <i style={{ background: `var(--series-${i + 1})` }} />
            {link}
            {shown.length > 1 && (
              <button type="button" aria-label={`Take ${link} out of the charts`} onClick={() => toggleShown(link)}>
                ✕
              </button>
            )}
          </li>
        ))}
      </ul>
      {others.length > 0 && shown.length < SHOWN_MAX && (
        <select
          aria-label="Add a link to the charts"
          value=""
          onChange={(event) => {
            if (event.currentTarget.value !== '') toggleShown(event.currentTarget.value);
          }}
        >
          <option value="">Add a link…</option>
          {others.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
      {shown.length > 1 && (
        <select
          aria-label="Percentile of the latency"
          value={percentile.value}
          onChange={({ currentTarget: { value } }) => {
            if (value === 'p50Ms' || value === 'p90Ms' || value === 'p99Ms') percentile.value = value;
          }}
        >
          <option value="p50Ms">p50</option>
          <option value="p90Ms">p90</option>
          <option value="p99Ms">p99</option>
        </select>
      )}
    </div>
  );
}
