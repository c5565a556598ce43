/** `verify:` — the promises. An entry has one key that is a check's name, with that check's parameters. */
import { z } from 'zod';
import type { Catalog } from '../../core/catalog.js';
import { listed } from '../../core/suggest.js';
import type { Check } from '../../verify/check.js';
import { name } from './words.js';

export interface VerifyText {
  name?: string | undefined;
  severity: 'fail' | 'warn';
  check: string;
  /** What the check's schema made of it. */
  params: unknown;
}

export function verifySchema(checks: Catalog<Check>) {
  const byName = Object.fromEntries(checks.all.map((check) => [check.name, check.schema.optional().meta({ description: check.summary })]));
  return z
    .strictObject({
      name: name().optional().meta({ description: 'how reports call it; the check’s own name if omitted' }),
      severity: z.enum(['fail', 'warn']).default('fail').meta({ description: 'warn: reported, but never the reason of a red run' }),
      ...byName,
    })
    .transform((entry, context): VerifyText => {
      const { name, severity, ...rest } = entry;
      const [chosen, ...more] = Object.entries(rest).filter(([, params]) => params !== undefined);
      if (chosen === undefined || more.length > 0) {
        context.addIssue({
          code: 'custom',
          message: `expected exactly one check, found ${more.length === 0 ? 'none' : more.length + 1}; known: ${listed(checks.names)}`,
        });
        return z.NEVER;
      }
      return { name, severity, check: chosen[0], params: chosen[1] };
    });
}
