/**
 * The README's tables of the fault lab: what each experiment shows and how it ended when it was last run, and where each thing that the source texts name
 * is shown. Made from the experiments' own words (`teaches`), from what `faultlab lab run --write` stored, and from the list of what the texts name.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const FOLDERS = ['taxonomy', 'incidents', 'real'];
const KINDS = ['failure', 'detection', 'containment'];

const asList = (words) => (Array.isArray(words) ? words : words === undefined ? [] : [words]);

/** What the tables are made of, read from the folder of the experiments. */
export function readLab(folder = fileURLToPath(new URL('../../experiments', import.meta.url))) {
  const json = (name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));
  const files = FOLDERS.filter((room) => existsSync(`${folder}/${room}`)).flatMap((room) =>
    readdirSync(`${folder}/${room}`)
      .filter((name) => name.endsWith('.yaml'))
      .sort()
      .map((name) => `experiments/${room}/${name}`),
  );
  const experiments = files.map((file) => {
    const { metadata, teaches = {}, variants = {} } = parse(readFileSync(`${folder}/../${file}`, 'utf8'));
    return { file, name: metadata.name, teaches, variants };
  });
  return { experiments, results: json('results.json'), texts: json('source-texts.json') };
}

/** The term of the texts that a word of an experiment means; undefined where the texts have none. */
function termOf(texts, kind, word) {
  return texts[kind].find(({ name, also = [] }) => [name, ...also].includes(word));
}

/** Names of the experiments that teach a term. */
function shownBy(term, kind, { experiments, texts }) {
  return experiments.filter(({ teaches }) => asList(teaches[kind]).some((word) => termOf(texts, kind, word) === term));
}

const link = ({ name, file }) => `[${name}](${file})`;

/** How a variant ended when it was last run. */
function ending(name, stored) {
  const variant = stored?.find((result) => (result.variant ?? '') === name);
  if (variant === undefined) return `${name}: not run yet`;
  const often = variant.runs > 1 ? ` (${variant.asExpected} of ${variant.runs})` : '';
  return `${name}: ${variant.asExpected === variant.runs ? '' : '✘ '}${variant.verdicts.join(', ')}${often}`;
}

function endings({ file, variants }, results, expected) {
  const names = Object.keys(variants).filter((name) => variants[name].expect === expected);
  return names.map((name) => ending(name, results[file])).join('; ');
}

/** Name → head and rows. */
export function labTables({ experiments, results, texts }) {
  return {
    experiments: {
      head: ['failure', 'detection', 'containment', 'experiment', 'with the defence', 'without it'],
      rows: experiments.map((experiment) => [
        ...KINDS.map((kind) => asList(experiment.teaches[kind]).join(', ')),
        link(experiment),
        endings(experiment, results, 'pass'),
        endings(experiment, results, 'fail'),
      ]),
    },
    mechanisms: {
      head: ['the texts name', 'as', 'shown by'],
      rows: KINDS.flatMap((kind) =>
        texts[kind].map((term) => {
          const where = shownBy(term, kind, { experiments, texts }).map(link).join(', ');
          return [term.name, kind, where || `not shown: ${term.notShown ?? 'there is no experiment yet'}`];
        }),
      ),
    },
  };
}

/** What is wrong between the experiments and the list of what the texts name, a sentence each. */
export function labBreaches({ experiments, results, texts }) {
  const unknown = experiments.flatMap(({ file, teaches }) =>
    KINDS.flatMap((kind) => {
      const words = asList(teaches[kind]).filter((word) => termOf(texts, kind, word) === undefined);
      return words.map((word) => `${file} teaches ${kind} "${word}", which experiments/source-texts.json does not know`);
    }),
  );
  const silent = experiments.filter(({ teaches }) => KINDS.some((kind) => asList(teaches[kind]).length === 0));
  const terms = KINDS.flatMap((kind) =>
    texts[kind].map((term) => ({ term, kind, count: shownBy(term, kind, { experiments, texts }).length })),
  );
  const files = new Set(experiments.map(({ file }) => file));
  return [
    ...unknown,
    ...silent.map(({ file }) => `${file} does not say what it teaches of each: ${KINDS.join(', ')}`),
    ...terms
      .filter(({ term, count }) => count === 0 && term.notShown === undefined)
      .map(({ term, kind }) => `${kind} "${term.name}" is shown by no experiment, and no reason stands in experiments/source-texts.json`),
    ...terms
      .filter(({ term, count }) => count > 0 && term.notShown !== undefined)
      .map(({ term, kind }) => `${kind} "${term.name}" is shown now: its reason in experiments/source-texts.json is out of date`),
    ...Object.keys(results)
      .filter((file) => !files.has(file))
      .map((file) => `experiments/results.json tells of ${file}, which is not there`),
  ];
}
