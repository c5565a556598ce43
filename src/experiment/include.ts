/**
 * `include:` — parts that experiments share, a topology for example, in files of their own. Maps are joined, key by key; where both say
 * something else, or give a list, the including file's counts, and of several included files the later one's. Messages name the file in which
 * a thing stands.
 */
import type { Path } from '../core/document-path.js';
import { reasonOf } from '../core/errors.js';
import { isMap } from '../core/is-map.js';
import { type Place, planInvalid, type Source } from './problem.js';
import { readSource } from './source.js';

export interface TextFile {
  text: string;
  /** How messages call it; includes in it are relative to it. */
  file: string;
}

/** Reads a file that another one includes. Throws with a reason when it cannot or must not be read. */
export type ReadIncluded = (name: string, from: string) => TextFile;

/** Files that one experiment may be made of. */
export const FILES_MAX = 50;

/** The whole document and where its parts stand. Throws PLAN_INVALID. */
export function readDocument(given: TextFile, readIncluded: ReadIncluded): { source: Source; data: unknown } {
  const sources: Source[] = [];
  const gather = (part: TextFile, above: readonly string[]): unknown => {
    const { source, data } = readSource(part);
    const ownAt = sources.push(source) - 1;
    let joined: unknown = {};
    for (const [i, name] of includesOf(data).entries()) {
      const refuse = (message: string): never => {
        const path: Path = Array.isArray((data as { include: unknown }).include) ? ['include', i] : ['include'];
        throw planInvalid(source, [{ path, message }]);
      };
      const included = readOrRefuse({ name, from: part.file, readIncluded, refuse });
      if ([...above, part.file].includes(included.file))
        refuse(`${included.file} includes itself, by way of ${[...above, part.file].join(', ')}`);
      if (sources.length >= FILES_MAX) refuse(`expected at most ${FILES_MAX} files`);
      const further = gather(included, [...above, part.file]);
      if (!isMap(further))
        refuse(`expected a part of an experiment in ${included.file}, found ${Array.isArray(further) ? 'a list' : typeof further}`);
      joined = join(joined, further);
    }
    // A file's own words come before those of what it includes, and later includes before earlier ones.
    sources.push(...sources.splice(ownAt + 1).reverse());
    return isMap(data) ? join(joined, data) : data;
  };
  const data = gather(given, []);
  return { source: new JoinedSource(sources), data };
}

function readOrRefuse({
  name,
  from,
  readIncluded,
  refuse,
}: {
  name: string;
  from: string;
  readIncluded: ReadIncluded;
  refuse: (message: string) => never;
}): TextFile {
  try {
    return readIncluded(name, from);
  } catch (error) {
    return refuse(`${name} cannot be included: ${reasonOf(error)}`);
  }
}

/** What is no text is the schema's to complain about. */
function includesOf(data: unknown): readonly string[] {
  const given = isMap(data) ? data['include'] : undefined;
  return (Array.isArray(given) ? given : [given]).filter((name) => typeof name === 'string');
}

/** `over` counts where both say something and are not both maps. */
function join(under: unknown, over: unknown): unknown {
  if (!isMap(under) || !isMap(over)) return over;
  const joined: Record<string, unknown> = { ...under };
  // Not by spreading: `__proto__` is a key like any other here, and stays one.
  for (const [key, value] of Object.entries(over)) {
    Object.defineProperty(joined, key, {
      value: Object.hasOwn(under, key) ? join(under[key], value) : value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return joined;
}

/** Of several files, those that count more first. */
class JoinedSource implements Source {
  readonly #sources: readonly Source[];

  constructor(sources: readonly Source[]) {
    this.#sources = sources;
  }

  get file(): string {
    return this.#sources[0]?.file ?? '';
  }

  holds(path: Path): boolean {
    return this.#sources.some((source) => source.holds(path));
  }

  /** Where the most of the path is. */
  place(path: Path, options?: Parameters<Source['place']>[1]): Place {
    for (let length = path.length; length > 0; length -= 1) {
      const found = this.#sources.find((source) => source.holds(path.slice(0, length)));
      if (found !== undefined) return found.place(path, options);
    }
    const [first] = this.#sources;
    if (first === undefined) throw new Error('a document comes from at least one file');
    return first.place(path, options);
  }
}
