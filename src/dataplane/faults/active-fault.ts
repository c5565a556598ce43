/**
 * A fault that is on, shared by every connection of every proxy it acts on. It keeps the count of what it met and makes the keyed
 * decision; leases are the fault set's business, effects are the pipeline's. It is the same fault however often its level turns or its
 * parameters are changed.
 */
import { type KeyedDraw, keyedDraw } from '../../core/random.js';
import type { Came } from '../encounters.js';
import { Choice, cameOf, type FaultCounts, type Meeting, type MeetingKey } from './choice.js';
import { type Level, levelAt } from './envelope.js';
import type { Direction, FlowDirection, LinkFault, TcpFaultPart } from './fault.js';
import type { Gate } from './gate.js';
import { compileBody, compileMatcher, type Matcher } from './match.js';
import { compileSource, type SourceMatcher } from './source.js';
import type { FaultSpec } from './spec.js';

/** Who calls: the caller's address is asked for only if the fault wants to know. */
export interface Caller {
  startMs: number;
  readonly source: () => string | undefined;
}

/** Something that met a fault and will be over. */
export interface Life {
  /** `ended` is called once; at once if it is over already. */
  onEnd(ended: () => void): void;
}

/** A fault that somebody put on beside a run, which is told of it. */
export interface Hand {
  by: string;
  /** The run that held the daemon then; null if none did. */
  beside: string | null;
}

export class ActiveFault {
  readonly id: string;
  readonly run: string;
  /** Undefined for those of a plan. */
  readonly hand: Hand | undefined;
  readonly definition: LinkFault;
  readonly direction: Direction;
  /** When it was added; connections older than this are `existing`. */
  readonly sinceMs: number;
  readonly draw: KeyedDraw;
  readonly matches: Matcher | undefined;
  readonly #isSource: SourceMatcher | undefined;
  readonly #isBody: ((value: unknown) => boolean) | undefined;
  readonly #choice: Choice;
  readonly #shared = new Map<string, unknown>();
  /** What waits for a gate on its account, oldest first. */
  readonly #held = new Set<{ gate: Gate }>();
  #spec: FaultSpec;
  #params: unknown;
  #parts: readonly TcpFaultPart[];
  #level: Level;

  constructor(given: { run: string; spec: FaultSpec; definition: LinkFault; params: unknown; sinceMs: number; hand?: Hand | undefined }) {
    this.id = given.spec.id;
    this.run = given.run;
    this.hand = given.hand;
    this.definition = given.definition;
    this.sinceMs = given.sinceMs;
    this.direction = given.spec.direction ?? given.definition.defaultDirection;
    this.draw = keyedDraw({ seed: given.spec.seed, faultId: given.spec.cohort ?? given.spec.id });
    this.matches = compileMatcher(given.spec);
    this.#isBody = compileBody(given.spec.match?.body);
    this.#isSource = compileSource(given.spec.source);
    this.#choice = new Choice(given.spec, { draw: this.draw, protocol: given.definition.protocol });
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

  get counts(): Readonly<FaultCounts> {
    return this.#choice.counts;
  }

  /** Whether it has to know the body of a request before it says anything about it, or about the response. */
  get needsBody(): boolean {
    return this.#isBody !== undefined || this.#choice.needsBody;
  }

  /** Whether the body is as the plan wants it; what its conditions on heads say is not asked here. */
  matchesBody(value: unknown): boolean {
    return this.#isBody?.(value) ?? true;
  }

  /** Counts a message whose body it had to know and could not. */
  unread(): void {
    this.#choice.unread();
  }

  /** Counts a message or connection that the fault looks at. */
  meet(key: MeetingKey): Meeting {
    return this.#choice.meet(key);
  }

  /** Whether it is hit at the present percentage; the first time that it would be, this is counted. */
  hits(meeting: Meeting): boolean {
    return this.#choice.hits(meeting, this.#level.percentage);
  }

  /** What met it is over, and makes room for another. */
  leave(meeting: Meeting): void {
    this.#choice.leave(meeting);
  }

  /** What it was to do to one that it has hit cannot be done. */
  missed(): void {
    this.#choice.missed();
  }

  /** The keyed decision for what is decided on once, counted: `applied`, or why not. `life` says when it is over. */
  decide(key: MeetingKey, life: Life): Came {
    const meeting = this.meet(key);
    const isHit = this.hits(meeting);
    if (isHit && this.#choice.hasRoom) life.onEnd(() => this.leave(meeting));
    return cameOf(meeting);
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
}

function partsOf({ definition, params, direction }: ActiveFault): readonly TcpFaultPart[] {
  if (definition.protocol !== 'tcp') return [];
  return 'parts' in definition ? definition.parts(params) : [{ definition, params, direction }];
}
