/** The connections that are open on a link now, asked of its proxy every two seconds for as long as somebody looks. */
import { useEffect, useState } from 'preact/hooks';
import { formatMs } from '../../../../../../src/core/units.js';
import type { ConnectionStatus } from '../../../../../../src/dataplane/proxy.js';
import { Failure } from '../../../parts/failure.js';
import { formatBytes } from '../../../parts/figures.js';
import { type Column, Table } from '../../../parts/table.js';
import { daemonState, topology } from '../../../state/live.js';
import { wait } from '../../../wire/host.js';
import { ask } from '../../../wire/request.js';
import type { Selection } from '../selection.js';
import { definePanel } from './panel.js';

/** The oldest ones; how many there are altogether is said besides. */
const SHOWN_MAX = 20;
const EVERY_MS = 2_000;

interface Connections {
  connections: readonly ConnectionStatus[];
  open: number;
}

const columns: readonly Column<ConnectionStatus>[] = [
  { title: '#', cell: ({ connection }) => connection, sortBy: ({ connection }) => connection },
  { title: 'Age', isFigure: true, cell: ({ ageMs }) => formatMs(Math.round(ageMs / 100) * 100), sortBy: ({ ageMs }) => ageMs },
  { title: 'Up', isFigure: true, cell: ({ bytesUp }) => formatBytes(bytesUp), sortBy: ({ bytesUp }) => bytesUp },
  { title: 'Down', isFigure: true, cell: ({ bytesDown }) => formatBytes(bytesDown), sortBy: ({ bytesDown }) => bytesDown },
  {
    title: 'Held',
    isFigure: true,
    cell: ({ heldBytes }) => (heldBytes === 0 ? '–' : formatBytes(heldBytes)),
    sortBy: ({ heldBytes }) => heldBytes,
  },
];

function LinkConnections({ selected }: { selected: Selection }) {
  const { told, failure } = useConnections(selected.kind === 'link' ? selected.name : '');
  if (failure !== undefined) return <Failure of={failure} />;
  if (told === undefined) return <p class="soft">Asking…</p>;
  const { connections, open } = told;
  return (
    <Table
      caption={`Connections that are open, ${open > connections.length ? `the first ${connections.length} of ${open}` : open}`}
      isCaptionShown
      columns={columns}
      rows={connections}
      keyOf={({ connection }) => String(connection)}
      empty="None is open."
    />
  );
}

function useConnections(link: string): { told: Connections | undefined; failure: unknown } {
  const [answer, setAnswer] = useState<{ link: string; told?: Connections; failure?: unknown }>({ link });
  useEffect(() => {
    const over = new AbortController();
    const follow = async (): Promise<void> => {
      while (!over.signal.aborted) {
        try {
          const told = await ask<Connections>(`/v1/proxies/${encodeURIComponent(link)}/connections?max=${SHOWN_MAX}`, over);
          setAnswer({ link, told });
        } catch (failure) {
          if (!over.signal.aborted) setAnswer({ link, failure });
        }
        await wait(EVERY_MS, over.signal);
      }
    };
    void follow();
    return () => over.abort();
  }, [link]);
  return answer.link === link ? { told: answer.told, failure: answer.failure } : { told: undefined, failure: undefined };
}

/** The load generator's links have no proxy that could be asked, and those of a run have one only while it goes on. */
function hasProxy(selected: Selection): boolean {
  if (selected.kind !== 'link' || daemonState.value === null) return false;
  const { proxies, proxiesTotal } = daemonState.value;
  // Of very many the daemon tells of the first alone.
  const isTold = proxies.some(({ name }) => name === selected.name);
  return isTold || (proxiesTotal > proxies.length && topology.value.links.some(({ name, isLoad }) => name === selected.name && !isLoad));
}

export const linkConnections = definePanel({
  name: 'linkConnections',
  place: 50,
  title: 'Connections',
  suits: hasProxy,
  Component: LinkConnections,
});
