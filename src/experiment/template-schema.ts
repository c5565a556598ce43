/** JSON Schema for text in which templates are not yet filled in: where a number, a truth value or one of some words is wanted, a template may stand. */
import { mapParts, type Schema } from './schema-parts.js';

const NAME = 'template';
const TEMPLATE: Schema = {
  type: 'string',
  pattern: '\\$\\{[^}]+\\}',
  description: 'a template, which is filled in before the value is looked at',
};
const FILLED_IN: readonly unknown[] = ['number', 'integer', 'boolean'];

/** Means the same but for templates. What is always the same word, like the type of a fault, is nobody's to fill in. */
export function withTemplates(whole: Schema): Schema {
  const visit = (part: Schema): Schema => {
    const schema = mapParts(part, '', visit);
    if (!FILLED_IN.includes(schema.type) && schema.enum === undefined) return schema;
    const { description, default: otherwise, ...value } = schema;
    return {
      ...(description !== undefined && { description }),
      ...(otherwise !== undefined && { default: otherwise }),
      anyOf: [value, { $ref: `#/$defs/${NAME}` }],
    };
  };
  const { $defs = {}, ...schema } = visit(whole);
  return { ...schema, $defs: { ...$defs, [NAME]: TEMPLATE } };
}
