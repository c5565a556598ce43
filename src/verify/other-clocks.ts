/**
 * A verdict on what several hosts saw holds if it holds on every clock that they may have had. So the record is judged again with each pair of their clocks apart by all
 * that is possible, one way and the other. What a reader gets wrong: no check has to know which of its conclusions rest on the order between hosts.
 */
import { formatMs } from '../core/units.js';
import { onClocks } from '../journal/clock-bounds.js';
import type { RunRecord } from '../journal/record.js';
import type { Judgement } from './check.js';

/** The record on other clocks: all early, all late, and for each binary digit of an agent's number those with a 1 early and the others late, and the reverse. */
export function onOtherClocks(record: RunRecord): readonly RunRecord[] {
  const clocks = (record.clocks ?? []).filter(({ boundMs }) => boundMs > 0);
  if (clocks.length === 0) return [];
  const digits = Math.ceil(Math.log2(clocks.length));
  const signs = [() => 1, ...Array.from({ length: digits }, (_, digit) => (i: number) => ((i >> digit) & 1 ? 1 : -1))];
  return signs.flatMap((sign) =>
    [1, -1].map((side) => onClocks(record, new Map(clocks.map(({ agent, boundMs }, i) => [agent, sign(i) * side * boundMs])))),
  );
}

/** As it was measured, if the others come to the same. */
export function certain(judgement: Judgement, others: () => readonly Judgement[], { clocks = [] }: Pick<RunRecord, 'clocks'>): Judgement {
  if (judgement.verdict !== 'pass' && judgement.verdict !== 'fail') return judgement;
  const other = others().find(({ verdict }) => verdict !== judgement.verdict);
  if (other === undefined) return judgement;
  const boundMs = Math.max(...clocks.map((clock) => clock.boundMs));
  const doubt = `the clocks of the hosts are known to ${formatMs(boundMs)} only, and within that it may as well be that ${other.summary}`;
  return { ...judgement, verdict: 'inconclusive', summary: `${doubt}; as the clocks were measured: ${judgement.summary}` };
}
