/** Who was hit: for every fault how many requests of each link met it and were faulted, and the rule by which they were drawn. */
import type { FaultWindow, RunRecord } from '../../journal/record.js';
import { letterOf } from '../wording.js';
import { type Markup, markup } from './markup.js';

interface Counts {
  matched: number;
  applied: number;
}
/** A request, or a connection. */
interface Seen {
  link: string;
  matched?: readonly string[] | undefined;
  applied?: readonly string[] | undefined;
}
/** By fault, then by link. */
type Victims = ReadonlyMap<string, ReadonlyMap<string, Counts>>;

/** More links than this are a count: a page is no journal. */
const LINKS_MAX = 12;

export function victimsTable(record: RunRecord): Markup {
  if (record.faults.length === 0 || record.plan.linksUnseen !== undefined) return markup``;
  const victims = victimsOf(record);
  return markup`<h2 id="decisions">Who was hit, and why</h2>
<p class="soft">Chance is drawn from the seed, the fault and a key, so the same seed hits the same ones${record.sums.length > 0 && '; requests that the journal holds only as sums are not in these counts'}.</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="decisions"><table><thead><tr><th>fault</th><th>rule</th><th>link</th><th class="n">met it</th><th class="n">faulted</th></tr></thead><tbody>
${record.faults.map((fault, i) => faultRows(fault, letterOf(i), victims))}</tbody></table></div>`;
}

function faultRows({ fault, planned }: FaultWindow, letter: string, victims: Victims): Markup[] {
  const counts = victims.get(fault);
  const hidden = planned.links.slice(LINKS_MAX);
  const rule = [planned.summary, ...(planned.chosen ?? [])].join('; ');
  return [
    ...planned.links.slice(0, LINKS_MAX).map((link, i) => row(counts?.get(link), link, i === 0 ? { letter, rule } : undefined)),
    ...(hidden.length > 0 ? [row(total(hidden.map((link) => counts?.get(link))), `${hidden.length} more links`)] : []),
  ];
}

function row(counts: Counts | undefined, link: string, head?: { letter: string; rule: string }): Markup {
  return markup`<tr><td>${head && markup`<span class="letter">${head.letter}</span>`}</td><td>${head?.rule}</td><td class="name">${link}</td><td class="n">${counts?.matched ?? 0}</td><td class="n">${counts?.applied ?? 0}</td></tr>`;
}

function total(all: readonly (Counts | undefined)[]): Counts {
  return all.reduce<Counts>(
    (sum, counts) => ({ matched: sum.matched + (counts?.matched ?? 0), applied: sum.applied + (counts?.applied ?? 0) }),
    { matched: 0, applied: 0 },
  );
}

function victimsOf({ exchanges, connections }: RunRecord): Victims {
  const victims = new Map<string, Map<string, Counts>>();
  const count = (fault: string, link: string, what: keyof Counts): void => {
    const links = victims.get(fault) ?? new Map<string, Counts>();
    const counts = links.get(link) ?? { matched: 0, applied: 0 };
    counts[what] += 1;
    victims.set(fault, links.set(link, counts));
  };
  const add = ({ link, matched, applied }: Seen): void => {
    for (const fault of matched ?? []) count(fault, link, 'matched');
    for (const fault of applied ?? []) count(fault, link, 'applied');
  };
  for (const exchange of exchanges) add(exchange);
  for (const connection of connections) add(connection);
  return victims;
}
