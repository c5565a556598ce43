/** `requires:` — programs that the experiment needs beside Node, and how whoever lacks one gets it. Without one nothing is started. */
import { z } from 'zod';

const PROGRAMS_MAX = 20;

/** Words for a command line: no path, and nothing that could be taken for an option. */
const word = (what: string) =>
  z
    .string()
    .max(100)
    .regex(/^[A-Za-z0-9][\w.+-]*$/, `expected the name of a ${what}, like haproxy`);

export const requiresSchema = z
  .array(
    z
      .strictObject({
        program: word('program').meta({ description: 'looked for in the folders of PATH' }),
        package: word('package').optional().meta({ description: 'of Debian’s, that has it; the program’s own name if omitted' }),
      })
      .transform(({ program, package: from = program }) => ({ program, package: from })),
  )
  .max(PROGRAMS_MAX)
  .meta({ description: 'programs that have to be installed; without one nothing is started, and `lab run` leaves the experiment out' });
