/**
 * Whom a fault hits among those it looks at. In this order: its place in the count (`nth`, `every`, `first`), its place in the percentage, and room
 * (`maxActive`). Counts and places are keyed, so they depend on nothing but what met the fault before, and room is given in the order of arrival.
 */
import type { KeyedDraw } from '../../core/random.js';
import type { Came } from '../encounters.js';
import type { LinkFault, RequestHead } from './fault.js';
import { compileJsonPath, type JsonTexts } from './json-path.js';
import type { FaultSpec } from './spec.js';
import { Tally } from './tally.js';

const PATH_KEY = 'jsonpath:';

function isPathKey(keyBy: string): boolean {
  return keyBy.startsWith(PATH_KEY);
}

/** `matched` is the sum of the next three. */
export interface FaultCounts {
  /** Met the fault: the connection or message was one it looks at. */
  matched: number;
  /** Hit, sooner or later. */
  applied: number;
  /** Not chosen by its place in the count or in the percentage; or chosen, but nothing could be done to it, as to a body that is too large. */
  skipped: number;
  /** Chosen, but as many as `maxActive` allows were hit already. */
  overflow: number;
  /** Beside all these: it was to be looked into the body, and that could not be read. */
  unread: number;
}

/** A message or connection that met the fault. */
export interface Meeting {
  /** Where it stands among all, in [0, 100): it is hit while the percentage is above. Infinity: never, for its place in the count is not meant. */
  readonly place: number;
  /** `gone`: it was hit and is over. `crowded`: there was no room when it was chosen; that is final. */
  state: 'spared' | 'hit' | 'crowded' | 'gone';
}

/** What decides on a meeting's place. `instance` is the callee's; connections are numbered on each link. */
export interface MeetingKey {
  link: string;
  instance: string;
  connection: number;
  head?: RequestHead;
  /** What the request's body says, for a key that is in it. */
  body?: unknown;
}

/** What has come of it so far. */
export function cameOf({ place, state }: Meeting): Came {
  if (state === 'hit' || state === 'gone') return 'applied';
  if (state === 'crowded') return 'room';
  return place === Number.POSITIVE_INFINITY ? 'count' : 'share';
}

export type ChoiceSpec = Pick<FaultSpec, 'keyBy' | 'first' | 'nth' | 'every' | 'maxActive'>;

export class Choice {
  readonly counts: FaultCounts = { matched: 0, applied: 0, skipped: 0, overflow: 0, unread: 0 };
  readonly #spec: ChoiceSpec;
  readonly #draw: KeyedDraw;
  /** What is counted where no key is named. */
  readonly #unit: 'request' | 'connection';
  readonly #keyBy: string;
  readonly #tally: Tally | undefined;
  readonly #textsOf: JsonTexts | undefined;
  /** Link → requests drawn for there. A link’s own count, so that what other links do meanwhile changes nobody’s place. */
  readonly #ordinals = new Map<string, number>();
  #activeCount = 0;

  constructor(spec: ChoiceSpec, { draw, protocol }: { draw: KeyedDraw; protocol: LinkFault['protocol'] }) {
    this.#spec = spec;
    this.#draw = draw;
    this.#unit = protocol === 'http' ? 'request' : 'connection';
    this.#keyBy = spec.keyBy ?? this.#unit;
    this.#textsOf = isPathKey(this.#keyBy) ? compileJsonPath(this.#keyBy.slice(PATH_KEY.length)) : undefined;
    const isCounted = spec.first !== undefined || spec.nth !== undefined || spec.every !== undefined;
    this.#tally = isCounted ? new Tally() : undefined;
  }

  /** Whether what was hit has to be told of its end. */
  get hasRoom(): boolean {
    return this.#spec.maxActive !== undefined;
  }

  /** Whether the key is in the body. */
  get needsBody(): boolean {
    return this.#textsOf !== undefined;
  }

  /** One whose body could not be looked into. */
  unread(): void {
    this.counts.unread += 1;
  }

  /** Counts one that the fault looks at. */
  meet(key: MeetingKey): Meeting {
    this.counts.matched += 1;
    this.counts.skipped += 1;
    const isMeant = this.#tally === undefined || isCalled(this.#spec, this.#tally.next(this.#countedKey(key)));
    const place = this.#placeOf(key);
    return { place: isMeant ? place : Number.POSITIVE_INFINITY, state: 'spared' };
  }

  /** Whether it is hit at this percentage; the first time that it would be, this is counted. */
  hits(meeting: Meeting, percentage: number): boolean {
    if (meeting.place >= percentage) return false;
    if (meeting.state === 'spared') this.#enter(meeting);
    return meeting.state === 'hit';
  }

  /** It is over, and makes room. */
  leave(meeting: Meeting): void {
    if (meeting.state !== 'hit') return;
    meeting.state = 'gone';
    this.#activeCount -= 1;
  }

  /** One that was hit could not be. */
  missed(): void {
    this.counts.applied -= 1;
    this.counts.skipped += 1;
  }

  #enter(meeting: Meeting): void {
    this.counts.skipped -= 1;
    if (this.#activeCount >= (this.#spec.maxActive ?? Number.POSITIVE_INFINITY)) {
      meeting.state = 'crowded';
      this.counts.overflow += 1;
      return;
    }
    meeting.state = 'hit';
    this.#activeCount += 1;
    this.counts.applied += 1;
  }

  /** Without a key of their own all are counted together. */
  #countedKey(key: MeetingKey): string {
    return this.#keyBy === this.#unit ? '' : this.#keyOf(key);
  }

  #placeOf(key: MeetingKey): number {
    if (this.#keyBy === 'request') return this.#draw(key.link, this.#nextOrdinal(key.link)) * 100;
    if (this.#keyBy === 'connection') return this.#draw(`${key.instance}#`, key.connection) * 100;
    return this.#draw(this.#keyOf(key), 0) * 100;
  }

  #nextOrdinal(link: string): number {
    const ordinal = this.#ordinals.get(link) ?? 0;
    this.#ordinals.set(link, ordinal + 1);
    return ordinal;
  }

  #keyOf({ link, instance, connection, head, body }: MeetingKey): string {
    if (this.#keyBy === 'instance') return instance;
    if (this.#keyBy === 'connection') return `${link}#${connection}`;
    if (this.#textsOf !== undefined) return firstOf(this.#textsOf(body)) ?? '';
    return head?.header(this.#keyBy.slice('header:'.length).toLowerCase()) ?? '';
  }
}

function firstOf(texts: Iterable<string>): string | undefined {
  for (const text of texts) return text;
  return undefined;
}

/** Whether the `count`th of its key is one of those that were asked for. */
function isCalled({ first, nth, every }: ChoiceSpec, count: number): boolean {
  return (first === undefined || count <= first) && (nth === undefined || count === nth) && (every === undefined || count % every === 0);
}
