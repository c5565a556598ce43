/**
 * `teaches:` — which failure an experiment shows, how it can be noticed and what contains it, in the words of the texts on failure models. It
 * changes nothing about a run: the table of the lab is made of it.
 */
import { z } from 'zod';

const words = () => z.array(z.string().trim().min(1).max(80)).min(1).max(20);

export const teachesSchema = z
  .strictObject({
    failure: z
      .union([z.string().trim().min(1).max(80), words()])
      .transform((failure): readonly string[] => (typeof failure === 'string' ? [failure] : failure))
      .meta({ description: 'the failure class, like crash-stop' }),
    detection: words().meta({ description: 'how it can be noticed, like health check' }),
    containment: words().meta({ description: 'what keeps it from doing harm, like outlier ejection' }),
  })
  .meta({ description: 'what the experiment shows, for the table of the lab' });
