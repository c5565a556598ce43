/**
 * Globs and regular expressions over text from the wire. What a reader would get wrong: JavaScript's own expressions are not used, because one
 * that backtracks lets a single hostile request stop the daemon; both kinds here take time linear in the text.
 */
import { RE2JS } from 're2js';
import { z } from 'zod';

export type TextTest = (text: string) => boolean;

const PATTERN_CHARACTERS_MAX = 1_000;

/** A glob as somebody writes it: a text, or a plain value that stands for its own text. */
export const globSchema = z
  .union([z.string().max(PATTERN_CHARACTERS_MAX), z.number(), z.boolean()], { error: 'expected a text, like gold*' })
  .transform(String);

export const regexSchema = z
  .string()
  .min(1)
  .max(PATTERN_CHARACTERS_MAX)
  .superRefine((pattern, context) => {
    try {
      RE2JS.compile(pattern);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      context.addIssue({ code: 'custom', message: `expected a regular expression of RE2 (no lookaround, no backreferences); ${reason}` });
    }
  });

/** True if one of the patterns is the whole text; `*` stands for any run of characters, everything else for itself. */
export function compileGlobs(patterns: readonly string[], { ignoreCase = false }: { ignoreCase?: boolean } = {}): TextTest {
  const test = compileAny(ignoreCase ? patterns.map((pattern) => pattern.toLowerCase()) : patterns);
  return ignoreCase ? (text) => test(text.toLowerCase()) : test;
}

function compileAny(patterns: readonly string[]): TextTest {
  const [only] = patterns;
  if (only !== undefined && patterns.length === 1) return compileGlob(only);
  const whole = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const tests = patterns.filter((pattern) => pattern.includes('*')).map(compileGlob);
  return (text) => whole.has(text) || tests.some((test) => test(text));
}

/** The first place of each piece is as good as any later one, so no choice is ever taken back. */
function compileGlob(pattern: string): TextTest {
  const pieces = pattern.split(/\*+/);
  const first = pieces[0] as string;
  if (pieces.length === 1) return (text) => text === first;
  const last = pieces.at(-1) as string;
  const between = pieces.slice(1, -1);
  if (between.length === 0 && last === '') return (text) => text.startsWith(first);
  return (text) => {
    const end = text.length - last.length;
    if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const piece of between) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= end;
  };
}

/** True if the pattern is found anywhere in the text; `^` and `$` tie it to the ends. */
export function compileRegex(pattern: string): TextTest {
  const regex = RE2JS.compile(pattern);
  return (text) => regex.test(text);
}
