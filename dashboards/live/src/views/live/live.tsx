/** What happens now: who calls whom and how well it goes, and the last hour over time. */
import { useWidth } from '../../parts/use-width.js';
import { model, topology } from '../../state/live.js';
import { defineView } from '../view.js';
import { Details } from './details/details.js';
import { Fleet } from './fleet/fleet.js';
import { GroupingSwitch } from './fleet/grouping-switch.js';
import { LeftOut } from './left-out.js';
import { LinksTable } from './links-table.js';
import { News } from './news.js';
import { toggleShown } from './selection.js';
import { Timeline } from './timeline/timeline.js';
import { Legend } from './topology/legend.js';
import { TopologyPicture } from './topology/topology-picture.js';

/** Narrower than this, the picture runs from top to bottom. */
const NARROW_PX = 620;

function Live() {
  const [frame, widthPx] = useWidth();
  if (model.value === null) return <p class="empty">Waiting for the daemon…</p>;
  return (
    <div class="live-view">
      <h1 class="hidden">Live</h1>
      <section class="panel topology-panel" aria-labelledby="topology-title">
        <div class="title-row">
          <h2 id="topology-title">Topology</h2>
          <GroupingSwitch />
        </div>
        <div ref={frame} class="scroll topology-frame">
          {topology.value.links.length === 0 ? <NoLinks /> : <TopologyPicture isNarrow={widthPx < NARROW_PX} onAdd={toggleShown} />}
        </div>
        <LeftOut />
        {topology.value.links.length > 0 && <Legend />}
        {topology.value.links.length > 0 && <LinksTable />}
      </section>
      <Details />
      <Fleet />
      {topology.value.links.length > 0 && <Timeline />}
      <News />
    </div>
  );
}

function NoLinks() {
  return (
    <div class="empty">
      <p>There is no link yet.</p>
      <p>
        Start an experiment with <code>faultlab run FILE --ui</code>, or create a proxy:{' '}
        <code>faultlab proxy create web --listen 127.0.0.1:8081 --upstream 127.0.0.1:8080</code>
      </p>
    </div>
  );
}

export const live = defineView({ name: 'live', title: 'Live', menu: { word: 'Live', place: 1 }, Component: Live });
