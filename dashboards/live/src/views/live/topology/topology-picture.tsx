/**
 * Who calls whom, as a picture. It is laid out once for a topology; a second changes only what it shows. One stop of the keyboard: the arrows go
 * from instance to link to instance in reading order, Enter selects.
 */
import type { SVGAttributes } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { grouped } from '../../../../../../src/core/grouped.js';
import type { Health } from '../../../state/link-now.js';
import { topology } from '../../../state/live.js';
import { faultsByLink, instancesNow, linksNow, statesByLink } from '../../../state/now.js';
import type { TopologyInstance, TopologyLink } from '../../../state/topology.js';
import { isCutToolOn } from '../cut-tool.js';
import { inFrames } from '../fleet/grouping.js';
import { type Selection, select, selection } from '../selection.js';
import { CutLine } from './cut-line.js';
import { Edge, edgeLook, edgeWords } from './edge.js';
import { type Layout, layoutOf } from './layout.js';
import { Node, nodeWords } from './node.js';

export interface TopologyPictureProps {
  isNarrow: boolean;
  /** Somebody selected a link while holding Shift or Control: it is to be added, not to replace. */
  onAdd: (link: string) => void;
}

type Thing = { kind: 'link' | 'instance'; name: string };

export function TopologyPicture({ isNarrow, onAdd }: TopologyPictureProps) {
  const drawn = topology.value;
  const framed = inFrames.value;
  const layout = useMemo(() => layoutOf(framed, { isNarrow }), [framed, isNarrow]);
  const arriving = useMemo(() => grouped(drawn.links, ({ to }) => to), [drawn]);
  const things = useMemo(() => readingOrder(layout), [layout]);
  const { stop, onKeyDown } = useRovingStop(things);
  const svg = useRef<SVGSVGElement>(null);
  const attributes = (thing: Thing, words: string) => ({
    role: 'button' as const,
    // In lower case: an SVG element takes the attribute as it is written.
    tabindex: thing.name === stop.name && thing.kind === stop.kind ? 0 : -1,
    'aria-label': words,
    'aria-pressed': isSelected(thing),
    onClick: (event: MouseEvent) => {
      if (isCutToolOn.value) return;
      if (thing.kind === 'link' && (event.shiftKey || event.ctrlKey || event.metaKey)) onAdd(thing.name);
      else select(isSelected(thing) ? { kind: 'none' } : thing);
    },
    onKeyDown: (event: KeyboardEvent) => onKeyDown(event, thing),
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a picture is no fieldset
    <svg
      ref={svg}
      class={`topology ${isCutToolOn.value ? 'cutting' : ''}`}
      role="group"
      aria-label="Topology: instances and the links between them"
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      style={{ minWidth: `${layout.width * SCALE_MIN}px`, maxWidth: `${layout.width * SCALE_MAX}px` }}
    >
      <ServiceFrames layout={layout} />
      {calmestFirst(drawn.links).map((link) => (
        <PlacedEdge
          key={link.name}
          {...{ link, layout, attributes }}
          isOnlyOne={arriving.get(link.to)?.length === 1}
          isSelected={isSelected({ kind: 'link', name: link.name })}
        />
      ))}
      {[...drawn.instances.values()].map((instance) => (
        <PlacedNode
          key={instance.name}
          {...{ instance, layout, attributes }}
          isSelected={isSelected({ kind: 'instance', name: instance.name })}
        />
      ))}
      {isCutToolOn.value && <CutLine svg={svg} curves={layout.links} size={layout} />}
    </svg>
  );
}

interface PlacedProps {
  layout: Layout;
  isSelected: boolean;
  attributes: (thing: Thing, words: string) => SVGAttributes<SVGGElement>;
}

/** Its drawing is made anew only when it would look different: most seconds change the words alone. */
function PlacedEdge({ link, layout, attributes, isSelected: isOn, isOnlyOne }: PlacedProps & { link: TopologyLink; isOnlyOne: boolean }) {
  const [curve, now] = [layout.links.get(link.name), linksNow.value.get(link.name)];
  const faults = faultsByLink.value.get(link.name) ?? NONE;
  const states = statesByLink.value.get(link.name) ?? NONE;
  const look = now && edgeLook({ now, faults, states });
  const drawing = useMemo(() => {
    if (curve === undefined || now === undefined) return null;
    return <Edge {...{ link, curve, now, faults, states, isOnlyOne }} isSelected={isOn} isDense={layout.isDense} />;
  }, [look, curve, isOn, isOnlyOne]);
  if (now === undefined || drawing === null) return null;
  return (
    <g class="edge" {...attributes({ kind: 'link', name: link.name }, edgeWords({ link, now, faults, states }))}>
      {drawing}
    </g>
  );
}

const NONE: readonly never[] = [];

function PlacedNode({ instance, layout, attributes, isSelected: isOn }: PlacedProps & { instance: TopologyInstance }) {
  const [box, now] = [layout.instances.get(instance.name), instancesNow.value.get(instance.name)];
  if (box === undefined || now === undefined) return null;
  const words = nodeWords(instance, now);
  return (
    <g class={`node ${isOn ? 'selected' : ''}`} {...attributes({ kind: 'instance', name: instance.name }, words)}>
      <title>{words}</title>
      <Node {...{ instance, box, now }} isDense={layout.isDense} />
    </g>
  );
}

/** How far the picture is scaled to fit; beyond it, it scrolls, or leaves room. */
const SCALE_MIN = 0.8;
const SCALE_MAX = 1.2;

function ServiceFrames({ layout }: { layout: Layout }) {
  return (
    <g>
      {layout.services
        .filter(({ isTitled }) => isTitled)
        .map(({ name, x, y, width, height }) => (
          <g key={name}>
            <rect class="service" x={x} y={y} width={width} height={height} rx="10" />
            <text class="service-name" x={x + 10} y={y + 18}>
              {name}
            </text>
          </g>
        ))}
    </g>
  );
}

/** What is drawn last lies on top. */
function calmestFirst(links: readonly TopologyLink[]): readonly TopologyLink[] {
  const rank = ({ name }: TopologyLink): number =>
    (selection.value.kind === 'link' && selection.value.name === name ? 8 : 0) +
    (faultsByLink.value.has(name) ? 4 : 0) +
    RANKS[linksNow.value.get(name)?.health ?? 'idle'];
  return links.toSorted((a, b) => rank(a) - rank(b));
}

const RANKS: Readonly<Record<Health, number>> = { idle: 0, well: 1, hurt: 2, bad: 3 };

function isSelected(thing: Thing): boolean {
  const selected: Selection = selection.value;
  return selected.kind === thing.kind && selected.name === thing.name;
}

/** From left to right, or from top to bottom: each instance, then the links that leave it. */
function readingOrder({ instances, links }: Layout): readonly Thing[] {
  const starts = [...links].map(([name, [start]]) => ({ kind: 'link' as const, name, x: start.x, y: start.y }));
  const boxes = [...instances].map(([name, { x, y }]) => ({ kind: 'instance' as const, name, x, y }));
  return [...boxes, ...starts].toSorted((a, b) => a.x - b.x || a.y - b.y).map(({ kind, name }) => ({ kind, name }));
}

/** One thing of the picture is in the way of Tab; the arrows, Home and End take the focus to another. */
function useRovingStop(things: readonly Thing[]) {
  const [last, setLast] = useState<Thing | undefined>(undefined);
  const find = (thing: Thing | undefined): number => things.findIndex(({ kind, name }) => kind === thing?.kind && name === thing.name);
  const stop = things[Math.max(0, find(last))] ?? { kind: 'instance', name: '' };
  const onKeyDown = (event: KeyboardEvent, thing: Thing): void => {
    const at = find(thing);
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: things.length - 1,
    };
    const next = things[moves[event.key] ?? -1];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      select(isSelected(thing) ? { kind: 'none' } : thing);
    } else if (next !== undefined) {
      event.preventDefault();
      setLast(next);
      const group = (event.currentTarget as SVGElement).ownerSVGElement;
      // After the next picture: only then may it be focused.
      requestAnimationFrame(() => group?.querySelector<SVGElement>('[tabindex="0"]')?.focus());
    }
  };
  return { stop, onKeyDown };
}
