/** Notes, decisions and faults by hand of the run, newest first. */
import type { LiveEvent } from '../../../../../src/control/live/contract.js';
import { saidIn } from '../../../../../src/reports/retro.js';
import { formatInstant } from '../../parts/words.js';
import { sayOne } from './say-one.js';

export function Said({ events, startMs }: { events: readonly LiveEvent[]; startMs: number }) {
  const said = saidIn(events);
  if (said.length === 0) return <p class="soft">Nobody has said anything yet.</p>;
  return (
    <ul class="said">
      {said.toReversed().map((one) => (
        <li key={JSON.stringify([one.atMs, sayOne(one)])}>
          <span class="n">{formatInstant(one.atMs, startMs)}</span> <b>{one.by}</b> {sayOne(one)}
        </li>
      ))}
    </ul>
  );
}
