/** `faultlab schema`: the language and the JSON report as JSON Schema, for editors and for programs. */
import { LabError } from '../../core/errors.js';
import { experimentJsonSchema } from '../../experiment/json-schema.js';
import { reportJsonSchema } from '../../reports/report-document.js';
import { defineCommand } from '../command.js';

const SCHEMAS: Readonly<Record<string, () => object>> = { experiment: experimentJsonSchema, report: reportJsonSchema };

export const schema = defineCommand({
  name: 'schema',
  summary: 'Print the JSON Schema of experiments, for editors, or of the JSON report.',
  example: 'faultlab schema > faultlab.schema.json',
  configure: (command, context) => {
    command
      .argument('[document]', Object.keys(SCHEMAS).join(' or '), 'experiment')
      .addHelpText('after', '\nAn editor uses it for a file that begins with:\n  # yaml-language-server: $schema=faultlab.schema.json')
      .action((document: string) => {
        const schemaOf = SCHEMAS[document];
        if (schemaOf === undefined)
          throw new LabError('USAGE', { problem: `schema ${document}: expected ${Object.keys(SCHEMAS).join(' or ')}` });
        context.say(JSON.stringify(schemaOf(), null, 2));
      });
  },
});
