/** The architecture as rules: each takes sources and gives one sentence for every breach. Whoever breaks one reads the sentence, so it says what to do. */
import { placeOf, type Source } from './source.js';

/** Room → what it may import besides itself: rooms, folders of rooms, or `*`. */
export type Rooms = ReadonlyMap<string, readonly string[]>;

/** Reads the table between `<!-- rooms -->` markers: the room in the first column, what it may import in the last. */
export function readRooms(markdown: string): Rooms {
  const table = /<!-- rooms -->([\s\S]*?)<!-- \/rooms -->/.exec(markdown)?.[1] ?? '';
  const rows = table.split('\n').filter((line) => /^\|\s*`/.test(line));
  return new Map(
    rows.map((line) => {
      const cells = line.split('|').slice(1, -1);
      const names = (cell: string | undefined): string[] =>
        [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replace(/\/$/, ''));
      const last = cells.at(-1) ?? '';
      return [names(cells[0])[0] ?? '', last.includes('anything') ? ['*'] : names(last)];
    }),
  );
}

/** The room of a file; `main.ts` and `index.ts` stand above all rooms. */
function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

export function roomBreaches(sources: readonly Source[], rooms: Rooms): string[] {
  return sources.flatMap((source) => {
    const room = roomOf(source.path);
    if (room === undefined) return [];
    const allowed = rooms.get(room);
    if (allowed === undefined) return [`${source.path}: room ${room} is not in the table of src/README.md`];
    return source.imports
      .filter(({ target }) => target?.startsWith('src/') && !mayImport(room, allowed, target))
      .map(({ target }) => `${source.path} imports ${target}: ${room} may import ${allowed.join(', ') || 'nothing of ours'}`);
  });
}

function mayImport(room: string, allowed: readonly string[], target: string): boolean {
  return [room, ...allowed].some((name) => name === '*' || target.startsWith(`src/${name}/`));
}

/** Files that import each other at run time, each ring once. */
export function cycleBreaches(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((s) => [s.path.replace(/\.tsx$/, '.ts'), s]));
  const done = new Set<string>();
  const rings: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) rings.push([...trail.slice(at), path].join(' → '));
    if (at >= 0 || done.has(path)) return;
    for (const { target, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (!typeOnly && target !== undefined && byPath.has(target)) walk(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const path of byPath.keys()) walk(path, []);
  return rings.map((ring) => `cycle: ${ring}`);
}

const HOST_TIME_AND_CHANCE =
  /\b(?:Date\.now|new Date\(\)|performance\.now|hrtime|setTimeout|setInterval|setImmediate|Math\.random)\b(?!\s*:)|\bnew Date\(\)/g;
const HOST_MODULES = /^node:(?:timers|perf_hooks)/;

/** Time and chance are arguments everywhere but in `core`, which is where they come from. */
export function hostBreaches(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => !path.startsWith('src/core/'))
    .flatMap((source) => [
      ...found(source, HOST_TIME_AND_CHANCE, 'comes from the host: take a Clock, or a keyedDraw'),
      ...source.imports.filter((i) => HOST_MODULES.test(i.specifier)).map((i) => `${source.path} imports ${i.specifier}: take a Clock`),
    ]);
}

function found(source: Source, what: RegExp, why: string): string[] {
  return [...source.code.matchAll(what)].map((match) => `${placeOf(source, match.index)}: ${match[0]} ${why}`);
}

/** Rooms and files that compute and do nothing else. */
const PURE = /^src\/(?:verify|experiment|reports)\/|^src\/journal\/(?:record|events|observations)\.ts$/;
const HARMLESS_MODULES = /^node:assert/;

export function purityBreaches(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => PURE.test(path))
    .flatMap((source) => [
      ...found(source, /\bprocess\.\w+|\bfetch\(|\bconsole\.\w+/g, 'touches the world: this file is pure'),
      ...source.imports
        .filter(({ specifier }) => specifier.startsWith('node:') && !HARMLESS_MODULES.test(specifier))
        .map(({ specifier }) => `${source.path} imports ${specifier}: this file is pure`),
    ]);
}

/** Default exports and `export *` make a name that grep cannot find; a task left in the code is nobody's. */
export function habitBreaches(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => [
    ...found(source, /\bexport default\b/g, 'gives no name: export by name'),
    ...found(source, /\bexport \*/g, 'hides what is exported: name it'),
    ...[...source.text.matchAll(/\b(?:TODO|FIXME|XXX|HACK)\b/g)].map((m) => `${placeOf(source, m.index)}: ${m[0]} has no owner here`),
    ...(/(?:^|\/)(?:utils?|helpers?|misc|common)\.ts$/.test(source.path) ? [`${source.path}: name the noun instead`] : []),
  ]);
}

const OPENING = /^(?:#![^\n]*\n)?\/\*\*[\s\S]*?\*\//;

/** Every file says what it is for before it says anything else. */
export function openingBreaches(sources: readonly Source[]): string[] {
  return sources.filter(({ text }) => !OPENING.test(text)).map(({ path }) => `${path}: opens without saying what it is for`);
}

const MARKUP_FROM_TEXT = /\b(?:dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b|\beval\(|new Function\(/g;

/**
 * The page shows names that strangers chose, so text never becomes markup there. Of the program it takes types, and of the rooms that only
 * compute also what they do, in the same words as the reports.
 */
export function pageBreaches(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => [
    ...found(source, MARKUP_FROM_TEXT, 'makes markup or code of text: let Preact write it'),
    ...found(source, /\b(?:process\.|Buffer\b|__dirname)/g, 'is not there in a browser'),
    ...source.imports
      .filter(({ target, typeOnly }) => !typeOnly && target?.startsWith('src/') && !PURE_ENOUGH.test(target))
      .map(({ target }) => `${source.path} imports ${target}: the page takes only types from there`),
    ...source.imports
      .filter(({ specifier }) => specifier.startsWith('node:'))
      .map(({ specifier }) => `${source.path} imports ${specifier}: a browser has none`),
  ]);
}
const PURE_ENOUGH =
  /^src\/(?:core\/(?:units|suggest|grouped)|journal\/observations|reports\/(?:wording|printable|sentence|retro|page\/state-lanes))\.ts$/;

const EXPORT_LINE = /^export \{ (\w+) \} from '\.\/((?:[\w-]+\/)*)([\w-]+)\.js';$/;

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
}

/** A registry holds export lines only, each naming a file after its definition. */
export function registryBreaches(source: Source): string[] {
  const lines = source.text.replace(/\/\*[\s\S]*?\*\//g, '').split('\n');
  return lines
    .filter((line) => line.trim() !== '' && line !== 'export {};')
    .flatMap((line) => {
      const [, name = '', , file] = EXPORT_LINE.exec(line) ?? [];
      if (file === undefined) return [`${source.path}: "${line}" is no export line`];
      return file === kebab(name) ? [] : [`${source.path}: ${name} should come from ./${kebab(name)}.js, not ./${file}.js`];
    });
}

/** The members of a registry: export name and file. */
export function membersOf(source: Source): { name: string; path: string }[] {
  const folder = source.path.replace(/[^/]+$/, '');
  return source.text.split('\n').flatMap((line) => {
    const [, name, sub = '', file] = EXPORT_LINE.exec(line) ?? [];
    return name === undefined ? [] : [{ name, path: `${folder}${sub}${file}.ts` }];
  });
}

/** A definition that its registry does not list would be dead without anybody noticing. */
export function unlistedBreaches(registry: Source, sources: readonly Source[], shape: RegExp): string[] {
  const folder = registry.path.replace(/[^/]+$/, '');
  const listed = new Set(membersOf(registry).map((m) => m.path));
  return sources
    .filter(({ path, code }) => path.startsWith(folder) && !listed.has(path) && shape.test(code))
    .map(({ path }) => `${path} defines a member that ${registry.path} does not list`);
}

/** An engine that knows one plugin by name needs surgery for the next. `names` are looked for as whole string literals. */
export function pluginNameBreaches(engine: readonly Source[], names: readonly string[]): string[] {
  return engine.flatMap((source) =>
    names.flatMap((name) =>
      [...source.text.matchAll(new RegExp(`'${name}'`, 'g'))]
        // In a comment it is prose, and as the name of a DOM event (`abort`) it is somebody else's word.
        .filter((match) => !/^\s*(?:\*|\/\/|\/\*)|EventListener\($/.test(lineAt(source.text, match.index)))
        .map((match) => `${placeOf(source, match.index)} names the plugin ${name}: let the definition declare what is needed`),
    ),
  );
}

function lineAt(text: string, index: number): string {
  return text.slice(text.lastIndexOf('\n', index) + 1, index);
}
