/** `requires:` — programs that the experiment needs beside Node, and how whoever lacks one gets it. Without one nothing is started. */
import { z } from 'zod';

const PROGRAMS_MAX = 20;

/** Words for a command line: no path, and nothing that could be taken for an option. */
const NAME = '[A-Za-z0-9][\\w.+-]*';
const program = z
  .string()
  .max(100)
  .regex(new RegExp(`^${NAME}$`), 'expected the name of a program, like haproxy');
const packages = z
  .string()
  .max(300)
  .regex(new RegExp(`^${NAME}( ${NAME})*$`), 'expected the name of a package, like haproxy, or several with a blank between them');

export const requiresSchema = z
  .array(
    z
      .strictObject({
        program: program.meta({ description: 'looked for in the folders of PATH' }),
        package: packages.optional().meta({
          description:
            'of Debian’s, that has it, and what else must be there for it, separated by blanks; the program’s own name if omitted',
        }),
      })
      .transform(({ program, package: from = program }) => ({ program, package: from })),
  )
  .max(PROGRAMS_MAX)
  .meta({ description: 'programs that have to be installed; without one nothing is started, and `lab run` leaves the experiment out' });
