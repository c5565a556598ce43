/**
 * The last hour over time: charts, lanes, and what moves them. Dragging over a chart zooms in; Control and the wheel zoom, the wheel to the side
 * moves; with the keyboard + and − zoom, ← and → move, F follows again.
 */
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../../parts/button.js';
import { useWidth } from '../../../parts/use-width.js';
import { model, nowMs } from '../../../state/live.js';
import { loadHour } from '../../../wire/follow-daemon.js';
import { shownLinks } from '../selection.js';
import { Charts } from './charts.js';
import { LaneRows } from './lane-rows.js';
import { LinkPicker } from './link-picker.js';
import { followed, panned, zoomed } from './time-range.js';
import { chooseRange, stretch, timeRange } from './timeline-state.js';

const GUTTER_PX = 128;
const GUTTER_PX_NARROW = 64;
const NARROW_PX = 620;
const ZOOM = 0.6;
const STEP = 0.25;

const acts = {
  closer: () => zoom(ZOOM),
  wider: () => zoom(1 / ZOOM),
  back: () => pan(-STEP),
  on: () => pan(STEP),
  follow: () => {
    chooseRange(followed(timeRange.value, nowMs.value));
  },
} as const;

const KEYS: Readonly<Record<string, keyof typeof acts>> = {
  '+': 'closer',
  '=': 'closer',
  '-': 'wider',
  ArrowLeft: 'back',
  ArrowRight: 'on',
  f: 'follow',
  End: 'follow',
};

function zoom(factor: number, aroundMs?: number): void {
  const middleMs = (stretch.value.fromMs + stretch.value.toMs) / 2;
  chooseRange(zoomed(timeRange.value, factor, { nowMs: nowMs.value, aroundMs: aroundMs ?? middleMs }));
}

function pan(share: number): void {
  chooseRange(panned(timeRange.value, share, nowMs.value));
}

export function Timeline() {
  const [frame, widthPx] = useWidth();
  const gutterPx = widthPx < NARROW_PX ? GUTTER_PX_NARROW : GUTTER_PX;
  const links = shownLinks.value;
  const histories = model.value?.histories;
  useEffect(() => {
    for (const link of links) void loadHour(link);
  }, [links, histories]);
  const box = useWheel(gutterPx);
  const isFollowing = timeRange.value.kind === 'follow';
  return (
    <section class="panel timeline" aria-labelledby="timeline-title">
      <div class="title-row">
        <h2 id="timeline-title">Timeline</h2>
        <div class="buttons">
          <Button label="Earlier" onClick={acts.back}>
            ←
          </Button>
          <Button label="Later" onClick={acts.on}>
            →
          </Button>
          <Button label="Closer" onClick={acts.closer}>
            +
          </Button>
          <Button label="Wider" onClick={acts.wider}>
            −
          </Button>
          <Button look={isFollowing ? 'main' : 'plain'} onClick={acts.follow}>
            {isFollowing ? 'Following' : 'Follow'}
          </Button>
        </div>
      </div>
      <LinkPicker />
      {/* biome-ignore lint/a11y/useSemanticElements: charts are no fieldset */}
      <div
        ref={box}
        class="charts"
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys move the charts
        tabIndex={0}
        aria-label="Charts. Plus and minus zoom, the arrows move, F follows."
        onKeyDown={(event) => {
          const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key];
          if (act === undefined) return;
          event.preventDefault();
          acts[act]();
        }}
      >
        <div ref={frame}>
          <Charts widthPx={widthPx} gutterPx={gutterPx} />
          <LaneRows widthPx={widthPx} gutterPx={gutterPx} />
        </div>
      </div>
    </section>
  );
}

/** The wheel scrolls the page, as everywhere; with Control, and to the side, it is for the charts. Preact's listeners cannot keep the page from scrolling. */
function useWheel(gutterPx: number) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    const onWheel = (event: WheelEvent): void => {
      const isZoom = event.ctrlKey || event.metaKey;
      if (element === null || (!isZoom && Math.abs(event.deltaX) <= Math.abs(event.deltaY))) return;
      event.preventDefault();
      const { left, width } = element.getBoundingClientRect();
      const share = (event.clientX - left - gutterPx) / Math.max(1, width - gutterPx);
      const { fromMs, toMs } = stretch.value;
      if (isZoom) zoom(Math.exp(event.deltaY / 300), fromMs + share * (toMs - fromMs));
      else pan(event.deltaX / Math.max(1, width));
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [gutterPx]);
  return box;
}
