/** What is selected, and the panels that have something to say about it. */
import { topology } from '../../../state/live.js';
import { type Selection, select, selection } from '../selection.js';
import * as registry from './registry.js';

const panels = Object.values(registry).toSorted((a, b) => a.place - b.place);

export function Details() {
  const selected = selection.value;
  const suiting = panels.filter((panel) => panel.suits(selected));
  return (
    <section class="panel details" aria-labelledby="details-title">
      <div class="title-row">
        <h2 id="details-title">{titleOf(selected)}</h2>
        {selected.kind !== 'none' && (
          <button type="button" class="icon" aria-label="Close the details" onClick={() => select({ kind: 'none' })}>
            ✕
          </button>
        )}
      </div>
      {suiting.map(({ name, title, Component }) => (
        <section key={name} class="part" aria-label={title}>
          <h3>{title}</h3>
          <Component selected={selected} />
        </section>
      ))}
    </section>
  );
}

function titleOf(selected: Selection): string {
  if (selected.kind === 'none') return 'Details';
  if (selected.kind === 'instance') return selected.name;
  const link = topology.value.links.find(({ name }) => name === selected.name);
  return link === undefined ? selected.name : `${link.from} → ${link.to}`;
}
