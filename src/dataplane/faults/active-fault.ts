/**
 * A fault that is on, shared by every connection of every proxy it acts on. It keeps the count of what it met and makes the keyed
 * decision; leases are the fault set's business, effects are the pipeline's. It is the same fault however often its level turns or its
 * parameters are changed.
 */
import { type KeyedDraw, keyedDraw } from '../../core/random.js';
import { type Level, levelAt } from './envelope.js';
import type { Direction, FlowDirection, LinkFault, RequestHead, TcpFaultPart } from './fault.js';
import type { Gate } from './gate.js';
import { compileMatcher, type Matcher } from './match.js';
import { compileSource, type SourceMatcher } from './source.js';
import type { FaultSpec } from './spec.js';

export interface FaultCounts {
  /** Met the fault: the connection or request was one it looks at. */
  matched: number;
  /** Chosen by the percentage, sooner or later. */
  applied: number;
  /** Not chosen by the percentage. */
  skipped: number;
}

/** A request or connection that met the fault. `place` is where it stands among all, in [0, 100): it is hit while the percentage is above. */
export interface Meeting {
  readonly place: number;
  /** It has been hit at least once. */
  wasHit: boolean;
}

/** What decides on a meeting's place. `instance` is the callee's. */
export interface MeetingKey {
  instance: string;
  connection: number;
  head?: RequestHead;
}

/** Who calls: the caller's address is asked for only if the fault wants to know. */
export interface Caller {
  startMs: number;
  readonly source: () => string | undefined;
}

export class ActiveFault {
  readonly id: string;
  readonly run: string;
  readonly definition: LinkFault;
  readonly direction: Direction;
  /** When it was added; connections older than this are `existing`. */
  readonly sinceMs: number;
  readonly draw: KeyedDraw;
  readonly matches: Matcher | undefined;
  readonly counts: FaultCounts = { matched: 0, applied: 0, skipped: 0 };
  readonly #isSource: SourceMatcher | undefined;
  readonly #keyBy: string;
  readonly #shared = new Map<string, unknown>();
  /** What waits for a gate on its account, oldest first. */
  readonly #held = new Set<{ gate: Gate }>();
  #spec: FaultSpec;
  #params: unknown;
  #parts: readonly TcpFaultPart[];
  #level: Level;
  #ordinal = 0;

  constructor(given: { run: string; spec: FaultSpec; definition: LinkFault; params: unknown; sinceMs: number }) {
    this.id = given.spec.id;
    this.run = given.run;
    this.definition = given.definition;
    this.sinceMs = given.sinceMs;
    this.direction = given.spec.direction ?? given.definition.defaultDirection;
    this.draw = keyedDraw({ seed: given.spec.seed, faultId: given.spec.id });
    this.matches = compileMatcher(given.spec);
    this.#isSource = compileSource(given.spec.source);
    this.#keyBy = given.spec.keyBy ?? (given.definition.protocol === 'tcp' ? 'connection' : 'request');
    this.#spec = given.spec;
    this.#params = given.params;
    this.#parts = partsOf(this);
    this.#level = levelAt(given.spec, 0);
  }

  get spec(): FaultSpec {
    return this.#spec;
  }

  /** `value`, checked by the definition's schema. Another object only if it was changed. */
  get params(): unknown {
    return this.#params;
  }

  /** What it does to the bytes of a connection: itself, or what it is made of. Nothing for an HTTP fault. */
  get parts(): readonly TcpFaultPart[] {
    return this.#parts;
  }

  /** False while its pulse has it off: then it is to be on no proxy. */
  get isOn(): boolean {
    return this.#level.isOn;
  }

  /** The share that it hits now. */
  get percentage(): number {
    return this.#level.percentage;
  }

  /** When its level changes next. */
  get turnsAtMs(): number {
    return this.sinceMs + this.#level.turnsAfterMs;
  }

  /** Takes the level of that time. False: it was not due yet. */
  turn(nowMs: number): boolean {
    if (nowMs < this.turnsAtMs) return false;
    // Never short of the turn that is due, whatever the rounding of the difference says.
    this.#level = levelAt(this.#spec, Math.max(nowMs - this.sinceMs, this.#level.turnsAfterMs));
    return true;
  }

  /** A percentage given here ends a ramp. `params` are the new `value`, checked. */
  change(
    { percentage, value }: { percentage?: number | undefined; value?: { written: unknown; params: unknown } | undefined },
    nowMs: number,
  ): void {
    if (percentage !== undefined) {
      const { ramp: _ended, ...spec } = this.#spec;
      this.#spec = { ...spec, percentage };
      this.#level = levelAt(this.#spec, nowMs - this.sinceMs);
    }
    if (value === undefined) return;
    this.#spec = { ...this.#spec, value: value.written };
    this.#params = value.params;
    this.#parts = partsOf(this);
    this.#shared.clear();
  }

  /** Whether it acts on bytes or messages that travel this way. */
  flows(direction: FlowDirection): boolean {
    return this.direction === 'both' || this.direction === direction;
  }

  /** Whether a connection of that age and origin is one of those the plan named. */
  covers({ startMs, source }: Caller): boolean {
    const wanted = this.#spec.connections;
    if (wanted !== 'all' && (wanted === 'new') !== startMs >= this.sinceMs) return false;
    return this.#isSource === undefined || this.#isSource(source());
  }

  /** Counts a request or connection that the fault looks at. */
  meet(key: MeetingKey): Meeting {
    this.counts.matched += 1;
    this.counts.skipped += 1;
    return { place: this.#draw(key) * 100, wasHit: false };
  }

  /** Whether it is hit at the present percentage; the first time that it is, this is counted. */
  hits(meeting: Meeting): boolean {
    const isHit = meeting.place < this.#level.percentage;
    if (isHit && !meeting.wasHit) {
      meeting.wasHit = true;
      this.counts.applied += 1;
      this.counts.skipped -= 1;
    }
    return isHit;
  }

  /** The keyed decision for what is decided on once, counted. */
  decide(key: MeetingKey): boolean {
    return this.hits(this.meet(key));
  }

  /** What the connections of one place have in common under these parameters; made when it is first asked for, gone with the fault. */
  shared<T>(place: string, create: () => T): T {
    if (!this.#shared.has(place)) this.#shared.set(place, create());
    return this.#shared.get(place) as T;
  }

  /** Notes that something waits for this gate on its account, so that a release finds it. Returns what takes that back. */
  holds(gate: Gate): () => void {
    const held = { gate };
    this.#held.add(held);
    return () => this.#held.delete(held);
  }

  /** How many messages wait for a gate on its account. */
  get heldCount(): number {
    return this.#held.size;
  }

  /** Opens the gates of those that have waited longest, `countMax` of them, whatever time was left. Returns how many there were. */
  release(countMax = Number.POSITIVE_INFINITY): number {
    // What goes on may bring up the next that is held: that one is not meant.
    const held = [...this.#held].slice(0, countMax);
    for (const { gate } of held) gate.open();
    return held.length;
  }

  #draw(at: MeetingKey): number {
    switch (this.#keyBy) {
      case 'request':
        return this.draw(at.instance, this.#ordinal++);
      case 'connection':
        return this.draw(`${at.instance}#`, at.connection);
      case 'instance':
        return this.draw(at.instance, 0);
      default:
        return this.draw(at.head?.header(this.#keyBy.slice('header:'.length).toLowerCase()) ?? '', 0);
    }
  }
}

function partsOf({ definition, params, direction }: ActiveFault): readonly TcpFaultPart[] {
  if (definition.protocol !== 'tcp') return [];
  return 'parts' in definition ? definition.parts(params) : [{ definition, params, direction }];
}
