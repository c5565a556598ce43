/**
 * YAML text → plain data, with the place of every part kept. It is the hostile edge: whatever the text holds, the answer is data or a list of
 * problems. The bounds are checked on the token stream before anything is built, because deep nesting kills the process and
 * a map of very many keys takes minutes inside the YAML library.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Path } from '../core/document-path.js';
import { LabError, reasonOf } from '../core/errors.js';
import { type Place, PROBLEMS_MAX, renderProblem, type Source } from './problem.js';

/** Characters of one file; a longer one is refused unread. */
export const TEXT_LENGTH_MAX = 1024 * 1024;
/** Nesting of maps and lists, as counted by the parser's stack. */
export const DEPTH_MAX = 100;
/** Tokens, blanks included; the shipped game day has about two thousand. */
const TOKENS_MAX = 100_000;
/** Uses of an anchor (`*name`). */
const ALIASES_MAX = 1_000;

/** Where the library speaks of its own options. */
const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  NON_STRING_KEY: 'expected a plain word as key',
  MULTIPLE_DOCS: 'expected one document, found several (---)',
};

interface SyntaxProblem {
  offset: number;
  message: string;
  length?: number;
}

/** Throws PLAN_INVALID with every syntax error of the text. */
export function readSource({ text, file }: { text: string; file: string }): { source: Source; data: unknown } {
  const lines = new LineCounter();
  const refuse = (problems: readonly SyntaxProblem[]): LabError => syntaxInvalid(problems, { text, file, lines });
  // Filled here, not by the parser: what is found before parsing needs line numbers too.
  lines.addNewLine(0);
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) lines.addNewLine(end + 1);
  const unreadable = beforeParsing(text);
  if (unreadable !== undefined) throw refuse([unreadable]);
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, stringKeys: true, strict: true, logLevel: 'error' });
  const broken = [...document.errors, ...document.warnings].map(({ code, pos, message }) => ({
    offset: pos[0],
    message: SYNTAX_MESSAGES[code] ?? oneLine(message),
    length: pos[1] - pos[0],
  }));
  if (broken.length > 0) throw refuse(broken);
  const structural = checkStructure(document);
  if (structural.length > 0) throw refuse(structural);
  return { source: new YamlSource({ text, file, lines, document }), data: toData(document, refuse) };
}

function toData(document: Document, refuse: (problems: readonly SyntaxProblem[]) => LabError): unknown {
  try {
    const data: unknown = document.toJS({ maxAliasCount: 100 });
    if (data === null || data === undefined) throw refuse([{ offset: 0, message: 'expected an experiment, found an empty file' }]);
    return data;
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw refuse([{ offset: 0, message: `aliases cannot be resolved: ${oneLine(reasonOf(error))}` }]);
  }
}

/** What can be said of the text before a tree is built from it. */
function beforeParsing(text: string): SyntaxProblem | undefined {
  if (text.length > TEXT_LENGTH_MAX) {
    return { offset: 0, message: `expected at most ${TEXT_LENGTH_MAX} characters, found ${text.length}` };
  }
  const control = /[^\P{Cc}\t\r\n]/u.exec(text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).padStart(4, '0');
    return { offset: control.index, message: `expected text, found the control character U+${code}: is this a binary file?` };
  }
  const parser = new Parser();
  let tokens = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const _token of parser.next(lexeme)) {
      // Only the depth of the parser's stack is of interest here.
    }
    tokens += 1;
    if (parser.stack.length > DEPTH_MAX) return { offset: parser.offset, message: `expected at most ${DEPTH_MAX} levels of nesting` };
    if (tokens > TOKENS_MAX) return { offset: parser.offset, message: `expected at most ${TOKENS_MAX} tokens in one file` };
  }
  return undefined;
}

/** Duplicate keys and aliases. The library's own check for duplicates is quadratic; this one is not. */
function checkStructure(document: Document): readonly SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  const anchors = new Set<string>();
  let aliases = 0;
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node)) {
        aliases += 1;
        if (!anchors.has(node.source)) {
          problems.push({ offset: node.range?.[0] ?? 0, message: `alias *${oneLine(node.source)} names no anchor that stands before it` });
        }
        return;
      }
      if (node.anchor) anchors.add(node.anchor);
      if (isMap(node)) problems.push(...duplicateKeys(node));
    },
  });
  if (aliases > ALIASES_MAX) problems.push({ offset: 0, message: `expected at most ${ALIASES_MAX} aliases, found ${aliases}` });
  return problems;
}

function duplicateKeys(map: YAMLMap): readonly SyntaxProblem[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }) => {
    const name = keyText(key);
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const offset = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
    return [{ offset, length: name.length, message: `the key "${oneLine(name)}" stands twice in one map` }];
  });
}

function syntaxInvalid(problems: readonly SyntaxProblem[], at: { text: string; file: string; lines: LineCounter }): LabError {
  const sorted = [...problems].sort((a, b) => a.offset - b.offset);
  const shown = sorted.slice(0, PROBLEMS_MAX).map(({ offset, message, length = 1 }) => {
    return renderProblem(placeAt(at, { offset, length }), message);
  });
  if (sorted.length > shown.length) shown.push(`… and ${sorted.length - shown.length} more`);
  return new LabError('PLAN_INVALID', { problems: shown.join('\n'), count: sorted.length });
}

function placeAt(
  { file, text, lines }: { file: string; text: string; lines: LineCounter },
  { offset, length }: { offset: number; length: number },
): Place {
  const { line, col } = lines.linePos(Math.min(offset, text.length));
  const start = lines.lineStarts[line - 1] ?? 0;
  const newline = text.indexOf('\n', start);
  const whole = text.slice(start, newline < 0 ? text.length : newline).replace(/\r$/, '');
  return { file, offset, line, column: col, text: whole, length: Math.max(1, Math.min(length, whole.length - col + 1)) };
}

interface Found {
  key: Node | undefined;
  node: Node | undefined;
  /** False: the walk ended at an ancestor. */
  isComplete: boolean;
}

class YamlSource implements Source {
  readonly file: string;
  readonly #text: string;
  readonly #lines: LineCounter;
  readonly #document: Document;

  constructor(given: { text: string; file: string; lines: LineCounter; document: Document }) {
    this.file = given.file;
    this.#text = given.text;
    this.#lines = given.lines;
    this.#document = given.document;
  }

  place(path: Path, { at = 'value', part }: { at?: 'key' | 'value' | undefined; part?: string | undefined } = {}): Place {
    const { key, node, isComplete } = this.#find(path);
    const wantsKey = at === 'key' || !isComplete;
    const chosen = wantsKey ? (key ?? node) : (node ?? key);
    const from = chosen?.range?.[0] ?? 0;
    // Of a map in which something is missing only the start is shown.
    const to = chosen === key || isComplete ? (chosen?.range?.[1] ?? from + 1) : from + 1;
    const shift = part === undefined ? -1 : this.#text.slice(from, to).indexOf(part);
    const span = part !== undefined && shift >= 0 ? { offset: from + shift, length: part.length } : { offset: from, length: to - from };
    return placeAt({ file: this.file, text: this.#text, lines: this.#lines }, span);
  }

  holds(path: Path): boolean {
    return this.#find(path).isComplete;
  }

  #find(path: Path): Found {
    let key: Node | undefined;
    let node = (this.#document.contents ?? undefined) as Node | undefined;
    for (const segment of path) {
      const target = isAlias(node) ? node.resolve(this.#document) : node;
      if (isMap(target)) {
        const pair = target.items.find((item) => keyText(item.key) === String(segment));
        if (pair === undefined) return { key, node, isComplete: false };
        key = pair.key as Node;
        node = (pair.value ?? undefined) as Node | undefined;
      } else if (isSeq(target) && typeof segment === 'number' && segment < target.items.length) {
        key = undefined;
        node = target.items[segment] as Node;
      } else return { key, node, isComplete: false };
    }
    return { key, node, isComplete: true };
  }
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function oneLine(message: string): string {
  const flat = message.replaceAll(/\s+/g, ' ');
  return flat.length > 200 ? `${flat.slice(0, 200)}…` : flat;
}
