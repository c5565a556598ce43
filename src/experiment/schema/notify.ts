/**
 * Who is told of a run besides those who started it. An address that is a secret stands in the environment, under a name that begins with FAULTLAB_: a plan is
 * somebody's text, and must not be able to send any other variable of whoever runs it.
 */
import { z } from 'zod';

/** `start`: nothing has happened yet; `stop`: it ends before its plan does, and heals; `verdict`: it is over and was judged. */
export const NOTICE_KINDS = ['start', 'stop', 'verdict'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export const NOTICE_SHAPES = ['generic', 'slack'] as const;
export type NoticeShape = (typeof NOTICE_SHAPES)[number];

const RECEIVERS_MAX = 10;

const receiver = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .optional()
      .meta({ description: 'where it is posted to, by http or https' }),
    urlFrom: z
      .string()
      .regex(/^FAULTLAB_[A-Z0-9_]{1,100}$/, 'expected the name of an environment variable that begins with FAULTLAB_')
      .optional()
      .meta({ description: 'in place of `url`: the environment variable that holds it, where it is a secret' }),
    shape: z
      .enum(NOTICE_SHAPES)
      .default('generic')
      .meta({ description: '`generic`: all that is known, as JSON; `slack`: one text, as Slack, Mattermost and others take it' }),
    on: z
      .array(z.enum(NOTICE_KINDS))
      .min(1)
      .max(NOTICE_KINDS.length)
      .default([...NOTICE_KINDS])
      .meta({ description: 'of what: that it starts, that it stops before its plan does, its verdict' }),
  })
  .refine(({ url, urlFrom }) => (url === undefined) !== (urlFrom === undefined), 'expected either `url` or `urlFrom`');

export const notifySchema = z.array(receiver).max(RECEIVERS_MAX).default([]).meta({
  description: 'who is told by HTTP that a run starts, stops early, and what its verdict is; it is never waited for while faults are on',
});
export type PlannedReceiver = z.output<typeof receiver>;
