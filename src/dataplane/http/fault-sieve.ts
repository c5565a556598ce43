/**
 * Of many faults, those that may look at a request: for each path that was asked for, and by which headers are there at all, the list is made
 * once, so that a hundred faults for other paths or other customers cost next to nothing. What a reader gets wrong: it leaves out only what cannot
 * match; the conditions of those that are left are still to be asked.
 */
import type { ActiveFault } from '../faults/active-fault.js';
import type { RequestHead } from '../faults/fault.js';
import { pathOf } from '../faults/request-path.js';
import { compileGlobs, type TextTest } from '../faults/text-test.js';
import { ownText } from './own-text.js';

/** Paths whose lists are kept; beyond it all are forgotten and made again. */
const PATHS_MAX = 128;
/** A longer path is looked at each time anew. */
const PATH_CHARACTERS_MAX = 512;
/** So many headers are looked for, which makes 16 lists a path; conditions on others are left to the faults. */
const HEADERS_MAX = 4;

/** What a request needs for a fault to look at it. */
interface Need {
  fault: ActiveFault;
  isPath: TextTest | undefined;
  /** Bits of headers that have to be there. */
  headers: number;
}

/** The needs that one path meets, and who is left by the headers that are there. */
interface Met {
  needs: readonly Need[];
  byHeaders: Map<number, readonly ActiveFault[]>;
}

export class FaultSieve {
  readonly #faults: readonly ActiveFault[];
  readonly #headers: string[] = [];
  readonly #met = new Map<string, Met>();
  /** Made when the first request comes: a fault that pulses brings a new sieve each time. */
  #needs: readonly Need[] | undefined;

  constructor(faults: readonly ActiveFault[]) {
    this.#faults = faults;
  }

  /** In the order in which they were given. */
  passing(request: RequestHead): readonly ActiveFault[] {
    // With one there is nothing to gain.
    if (this.#faults.length < 2) return this.#faults;
    const { needs, byHeaders } = this.#metBy(pathOf(request));
    const headers = this.#headersOf(request);
    const known = byHeaders.get(headers);
    if (known !== undefined) return known;
    const left = needs.filter((need) => (need.headers & headers) === need.headers).map(({ fault }) => fault);
    byHeaders.set(headers, left);
    return left;
  }

  #metBy(path: string): Met {
    const known = this.#met.get(path);
    if (known !== undefined) return known;
    this.#needs ??= this.#faults.map((fault) => this.#needOf(fault));
    const met: Met = { needs: this.#needs.filter(({ isPath }) => isPath?.(path) ?? true), byHeaders: new Map() };
    if (path.length > PATH_CHARACTERS_MAX) return met;
    if (this.#met.size >= PATHS_MAX) this.#met.clear();
    this.#met.set(ownText(path), met);
    return met;
  }

  #needOf(fault: ActiveFault): Need {
    const { path, headers = {} } = fault.spec.match ?? {};
    let bits = 0;
    for (const name of Object.keys(headers)) bits |= this.#bitOf(name.toLowerCase());
    return { fault, isPath: path && compileGlobs(path), headers: bits };
  }

  #bitOf(header: string): number {
    const at = this.#headers.indexOf(header);
    if (at >= 0) return 1 << at;
    return this.#headers.length < HEADERS_MAX ? 1 << (this.#headers.push(header) - 1) : 0;
  }

  #headersOf(request: RequestHead): number {
    let bits = 0;
    for (const [at, name] of this.#headers.entries()) if (request.header(name) !== undefined) bits |= 1 << at;
    return bits;
  }
}
