/**
 * The README's tables, made from the catalogs, and the place where they go: between `<!-- table: NAME -->` and `<!-- /table -->`. Pure text in and
 * out, so that the writer can use the built program and the test the sources.
 */

import { labTables } from './lab-tables.mjs';

/** What the CLI's exit codes mean, by their name in the code. */
const EXIT_WORDS = {
  pass: 'every promise was kept',
  fail: 'a promise was broken',
  inconclusive: 'not enough was seen to judge by; never taken for a pass',
  steadyStateNotMet: 'the system was not well before the method: nothing was injected',
  stopped: 'a stop condition, an operator or a halt ended the run; everything was healed',
  dirty: 'healing could not be confirmed',
  usage: 'the command line or the plan is wrong; nothing was started',
  unavailable: 'a needed port, program, server or upstream is unavailable',
  internal: 'our own error',
};

const code = (text) => `\`${text}\``;
/** A bar would end the cell, a line end the row. */
const cell = (text) =>
  String(text)
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ');
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** What it sees, what it cannot see and how much it needs. */
const pageOf = ({ name }) => `src/verify/checks/docs/${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.md`;

const byName = (a, b) => (a.name < b.name ? -1 : 1);

/** Shown in the place of what a message would name. */
const placeholders = new Proxy({}, { get: (_, name) => `‹${String(name)}›` });

/** Name → markdown of every table that there is. */
export function tablesOf({ faults, checks, probes, steps, stops, loads, reporters, commands, metrics, exits, errors, lab }) {
  const example = (definition) => code(JSON.stringify(definition.example));
  const { experiments, mechanisms } = labTables(lab);
  return {
    experiments: table(experiments.head, experiments.rows),
    mechanisms: table(mechanisms.head, mechanisms.rows),
    faults: table(
      ['fault', 'acts on', 'what it does', 'example `value`'],
      [...faults].sort(byName).map((f) => [code(f.name), f.only ?? f.protocol, f.summary, example(f)]),
    ),
    checks: table(
      ['check', 'what it promises', 'example'],
      [...checks].sort(byName).map((c) => [`[${code(c.name)}](${pageOf(c)})`, c.summary, example(c)]),
    ),
    probes: table(
      ['probe', 'what it asks', 'example'],
      [...probes].sort(byName).map((p) => [code(p.name), p.summary, example(p)]),
    ),
    steps: table(
      ['step', 'what it does', 'example'],
      [...steps].sort(byName).map((s) => [code(s.name), s.summary, example(s)]),
    ),
    stops: table(
      ['stop condition', 'what it does', 'example'],
      [...stops].sort(byName).map((s) => [code(s.name), s.summary, example(s)]),
    ),
    loads: table(
      ['load model', 'what it does', 'example'],
      [...loads].sort(byName).map((l) => [code(l.name), l.summary, example(l)]),
    ),
    reports: table(
      ['format', 'file', 'what it does'],
      [...reporters].sort(byName).map((r) => [code(r.name), code(`report.${r.extension}`), r.summary]),
    ),
    commands: table(
      ['command', 'what it does', 'example'],
      commands.map((c) => [code(c.name), c.summary, code(c.example)]),
    ),
    metrics: table(
      ['metric', 'type', 'labels', 'what it tells'],
      metrics.map((m) => [code(m.name), m.type, m.labels.map(code).join(' '), m.help]),
    ),
    exits: table(
      ['exit code', 'meaning'],
      Object.entries(exits).map(([name, exit]) => [exit, EXIT_WORDS[name] ?? `UNDOCUMENTED: ${name}`]),
    ),
    errors: table(
      ['code', 'exit', 'HTTP', 'message'],
      errors(placeholders).map((e) => [code(e.code), e.exit, e.status, e.message]),
    ),
  };
}

const BLOCK = /(<!-- table: (\w+) -->)[\s\S]*?(<!-- \/table -->)/g;

/** The text with every block filled anew. Throws on a block whose table nobody makes. */
export function fillTables(text, tables) {
  return text.replace(BLOCK, (_, open, name, close) => {
    if (tables[name] === undefined)
      throw new Error(`<!-- table: ${name} -->: there is no such table; there are ${Object.keys(tables).join(', ')}`);
    return `${open}\n\n${tables[name]}\n\n${close}`;
  });
}

/** Names of the blocks that a text has. */
export function blocksOf(text) {
  return [...text.matchAll(BLOCK)].map((match) => match[2]);
}
