/** A partition by names, for keyboards and small screens: those who are ticked are cut off from all others, both ways or one. */
import { useState } from 'preact/hooks';
import { topology } from '../../state/live.js';
import { Choice } from './choice.js';
import { CutButtons } from './cut-buttons.js';
import { type CutWay, cutOff } from './group-cut.js';
import { Members } from './members.js';

const WAYS: Readonly<Record<CutWay, string>> = {
  both: 'both ways',
  asking: 'only what they ask of others',
  asked: 'only what others ask of them',
};

export function GroupCut() {
  const [group, setGroup] = useState<ReadonlySet<string>>(new Set());
  const [way, setWay] = useState<CutWay>('both');
  const { links } = topology.value;
  if (links.length === 0) return null;
  const cut = cutOff(group, links, way);
  return (
    <details class="more">
      <summary>Cut off a group</summary>
      <Members ticked={group} onTicked={setGroup} />
      <Choice label="Which way" of={WAYS} value={way} onValue={setWay} />
      <p class="soft" role="status">
        {group.size === 0 ? 'Tick those who are to be cut off.' : `${cut.length} links between them and the others.`}
      </p>
      <CutButtons links={cut} onDone={() => setGroup(new Set())} />
    </details>
  );
}
