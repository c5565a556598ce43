/** How a figure is held against a limit: `>=`, `<=`, `>`, `<`, `==`, `!=`. Equality is exact, which for shares and times is rarely what is meant. */
import { z } from 'zod';

export const criteria = z.enum(['>=', '<=', '>', '<', '==', '!=']);
export type Criteria = z.output<typeof criteria>;

export function compare(value: number, how: Criteria, limit: number): boolean {
  switch (how) {
    case '>=':
      return value >= limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '<':
      return value < limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}
