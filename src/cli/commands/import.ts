/** `faultlab import`: files of other tools as experiments, with a list of what could not be carried. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LabError, reasonOf } from '../../core/errors.js';
import { didYouMean, listed } from '../../core/suggest.js';
import { experimentText } from '../../interchange/experiment-text.js';
import type { Importer } from '../../interchange/importer.js';
import { importers } from '../../interchange/importers/catalog.js';
import { type CliContext, defineCommand } from '../command.js';

interface ImportOptions {
  from?: string;
  name?: string;
  output?: string;
  json?: true;
}

const importCommand = defineCommand({
  name: 'import',
  summary: 'Turn a file of Toxiproxy, Chaos Toolkit, a HAR or an access log into an experiment.',
  example: 'faultlab import toxiproxy.json --output experiments/from-toxiproxy.yaml',
  configure: (command, context) => {
    command
      .argument('<file>', 'what to import')
      .option('--from <format>', `${importers.names.join(', ')}; told by its looks if omitted`)
      .option('--name <name>', 'what the experiment is to be called; the file’s name if omitted')
      .option('--output <file>', 'where to write it, if there is none yet; standard output if omitted')
      .option('--json', 'the experiment and what was not carried, as JSON')
      .addHelpText('after', `\nIt reads:\n${importers.all.map(({ name, summary }) => `  ${name.padEnd(14)}${summary}`).join('\n')}`)
      .action((file: string, options: ImportOptions) => importFile(context, file, options));
  },
});

export { importCommand as import };

async function importFile(context: CliContext, file: string, { from, name, output, json }: ImportOptions): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new LabError('FILE_UNREADABLE', { file, reason: reasonOf(error) }, { cause: error });
  });
  const imported = importerFor({ text, file, from }).read(text, { file, name: name ?? nameOf(file) });
  if (json) {
    context.say(JSON.stringify(imported, null, 2));
    return;
  }
  const written = experimentText(imported, { from: basename(file), schema: 'faultlab.schema.json' });
  if (output === undefined) context.say(written.trimEnd());
  else await writeNew(output, written);
  for (const line of imported.notCarried) context.warn(`not carried: ${line}`);
  for (const line of imported.toDo) context.warn(`left to do: ${line}`);
  if (output !== undefined) context.say(`${output} is written; \`faultlab plan ${output}\` shows what it would do`);
}

function importerFor({ text, file, from }: { text: string; file: string; from: string | undefined }): Importer {
  if (from === undefined) {
    const found = importers.all.find((importer) => importer.recognises(text));
    if (found !== undefined) return found;
    throw new LabError('IMPORT_INVALID', { file, problems: `it looks like none of ${listed(importers.names)}` });
  }
  const named = importers.get(from);
  if (named === undefined)
    throw new LabError('USAGE', { problem: `--from ${from}: nothing is imported from that${didYouMean(from, importers.names)}` });
  return named;
}

async function writeNew(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new LabError('FILE_EXISTS', { file }, { cause: error });
    throw new LabError('FILE_UNREADABLE', { file, reason: reasonOf(error) }, { cause: error });
  });
}

/** `logs/Access Log.json` → `Access-Log`. */
function nameOf(file: string): string {
  return (
    basename(file)
      .replace(/\.[a-z]+$/i, '')
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+|-+$/g, '')
      .slice(0, 60) || 'imported'
  );
}
