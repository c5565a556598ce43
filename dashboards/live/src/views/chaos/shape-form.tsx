/** A partition by its shape: who is to be parted, how the group falls apart, and which way; the daemon says which links that would cut, before they are. */
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../parts/button.js';
import { Failure } from '../../parts/failure.js';
import { topology } from '../../state/live.js';
import { ask } from '../../wire/request.js';
import type { HandSpec } from './acts.js';
import { Choice } from './choice.js';
import { newId, put, whyNot } from './hand.js';
import { Members } from './members.js';
import { FaultPreview } from './preview.js';

/** As the plan language calls them. */
const SHAPES = {
  one: 'one against the others',
  halves: 'two halves',
  majority: 'the smallest majority against the others',
  minorityThird: 'fewer than a third against the others',
  bridge: 'two sides that see each other through one alone',
  majoritiesRing: 'a ring in which each sees another majority',
  primaries: 'the chosen ones, each alone',
} as const;
const UNITS = {
  connection: 'both ways: whole connections',
  request: 'one way: only what is asked',
  response: 'one way: only what is answered',
} as const;
const BEHAVIORS = { blackhole: 'silently', reject: 'new connections are refused', reset: 'with a reset' } as const;
const CHANCE = 'chance decides';

interface Wanted {
  shape: keyof typeof SHAPES;
  unit: keyof typeof UNITS;
  behavior: keyof typeof BEHAVIORS;
  /** Who comes first to the chosen side; empty: chance decides. */
  first: string;
  seed: number;
}

/** `POST /v1/hand/shape` */
interface ShapedCut extends Pick<HandSpec, 'type' | 'value' | 'direction'> {
  connections: string;
  links: readonly string[];
  summary?: string;
}

export function ShapeCut() {
  const [members, setMembers] = useState<ReadonlySet<string>>(new Set());
  const [wanted, setWanted] = useState<Wanted>({ shape: 'one', unit: 'connection', behavior: 'blackhole', first: '', seed: 0 });
  const { cut, failed } = useShapedCut(members, wanted);
  if (topology.value.links.length === 0) return null;
  const change = (what: Partial<Wanted>): void => setWanted({ ...wanted, ...what });
  const firsts = Object.fromEntries([['', CHANCE], ...[...members].map((name) => [name, name])]) as Record<string, string>;
  return (
    <details class="more">
      <summary>Part a group in a shape</summary>
      <Members ticked={members} onTicked={setMembers} />
      <Choice label="Shape" of={SHAPES} value={wanted.shape} onValue={(shape) => change({ shape })} />
      <Choice
        label="First to be chosen"
        of={firsts}
        value={members.has(wanted.first) ? wanted.first : ''}
        onValue={(first) => change({ first })}
      />
      <Choice label="What does not get through" of={UNITS} value={wanted.unit} onValue={(unit) => change({ unit })} />
      <Choice label="How it is cut" of={BEHAVIORS} value={wanted.behavior} onValue={(behavior) => change({ behavior })} />
      {members.size < 2 && <p class="soft">Tick those who are to be parted: two or more.</p>}
      <Failure of={failed} />
      {cut !== undefined && <Sides cut={cut} />}
      <div class="buttons">
        <Button
          look="main"
          refusal={cut === undefined ? 'nobody would be parted' : whyNot.value}
          onClick={() => void (cut && put([specOf(cut)]))}
        >
          Part them
        </Button>
        <Button refusal={members.size < 2 ? 'nobody is ticked' : undefined} onClick={() => change({ seed: wanted.seed + 1 })}>
          Choose others
        </Button>
      </div>
    </details>
  );
}

function Sides({ cut }: { cut: ShapedCut }) {
  const { id: _, ...fault } = specOf(cut);
  return (
    <>
      <p role="status">
        {cut.summary}; {cut.links.length} links
      </p>
      <FaultPreview fault={fault} />
    </>
  );
}

function specOf({ links, type, value, direction, connections }: ShapedCut): HandSpec {
  return { id: newId('partition'), type, value, proxies: links, connections, ...(direction !== undefined && { direction }) };
}

/** Undefined while nobody can be parted; `failed`: why not. */
function useShapedCut(members: ReadonlySet<string>, { first, ...wanted }: Wanted): { cut: ShapedCut | undefined; failed: unknown } {
  const [told, setTold] = useState<{ question: string; cut?: ShapedCut; failed?: unknown }>({ question: '' });
  const links = topology.value.links.filter(({ isLoad }) => !isLoad).map(({ name, from, to }) => ({ name, from, to }));
  const select = members.has(first) ? [first] : [];
  const question = members.size < 2 ? '' : JSON.stringify({ ...wanted, among: [...members], select, links });
  useEffect(() => {
    if (question === '') return;
    const over = new AbortController();
    ask<ShapedCut>('/v1/hand/shape', { method: 'POST', body: JSON.parse(question) as object, signal: over.signal }).then(
      (cut) => setTold({ question, cut }),
      (failed: unknown) => {
        if (!over.signal.aborted) setTold({ question, failed });
      },
    );
    return () => over.abort();
  }, [question]);
  // What was said of another question is not shown for this one.
  return question !== '' && told.question === question ? { cut: told.cut, failed: told.failed } : { cut: undefined, failed: undefined };
}
