/**
 * `/v1/history`: runs of before, their reports and pictures, compared and followed. Reports and pictures are made of names that strangers may have chosen,
 * so a browser is told to give them no script, no origin and nothing to load.
 */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { LabError } from '../../core/errors.js';
import { readBody, readQuery } from '../body.js';
import type { Clerk, Question } from '../library/clerk.js';

const RUNS_MAX = 500;
const DAYS_MAX = 36_500;

const title = z.string().max(200).optional();
const limit = z.coerce.number().int().min(1).max(RUNS_MAX);
const runsQuery = z.object({
  title,
  verdict: z.enum(['pass', 'fail', 'inconclusive', 'error']).optional(),
  beforeWallMs: z.coerce.number().min(0).optional(),
  limit: limit.default(50),
});
const runName = z.string().min(1).max(200);
const compareQuery = z.object({ before: runName, after: runName });
const coverageQuery = z.object({ expireDays: z.coerce.number().positive().max(DAYS_MAX).default(30) });
const trendQuery = z.object({ title, figure: z.string().max(500).optional(), limit: limit.default(100) });
const pictureQuery = z.object({ scheme: z.enum(['light', 'dark']).optional() });
const answerSchema = z.strictObject({
  question: z.string().min(1).max(2_000),
  text: z.string().trim().min(1).max(10_000),
  by: z.string().min(1).max(100),
});

/** What each kind of file is called on the wire. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  md: 'text/markdown; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
};

const HARMLESS = {
  'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

export function historyRoutes(clerk: Clerk) {
  const json = async (c: Context, question: Question) =>
    c.body(await clerk.ask(question), 200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  const picture = async (c: Context, question: Question) =>
    c.body(await clerk.ask(question), 200, { ...HARMLESS, 'content-type': 'image/svg+xml' });
  return new Hono()
    .get('/', (c) => json(c, { kind: 'runs', ...readQuery(c, runsQuery) }))
    .get('/compare', (c) => json(c, { kind: 'compare', ...readQuery(c, compareQuery) }))
    .get('/coverage', (c) => json(c, { kind: 'coverage', ...readQuery(c, coverageQuery) }))
    .get('/trend', (c) => json(c, { kind: 'trend', ...readQuery(c, trendQuery) }))
    .get('/pictures', (c) => json(c, { kind: 'pictures' }))
    .get('/pictures/:name', (c) => picture(c, { kind: 'picture', name: c.req.param('name') }))
    .get('/:run/pictures', (c) => json(c, { kind: 'pictures', run: c.req.param('run') }))
    .get('/:run/pictures/:name', (c) =>
      picture(c, { kind: 'picture', run: c.req.param('run'), name: c.req.param('name'), ...readQuery(c, pictureQuery) }),
    )
    .post('/:run/answers', async (c) => json(c, { kind: 'answer', run: c.req.param('run'), ...(await readBody(c, answerSchema)) }))
    .get('/:run/:report', (c) => report(c, clerk));
}

/** `report.html`; with `?download` to be kept as a file. */
async function report(c: Context, clerk: Clerk): Promise<Response> {
  const { run, report: file } = c.req.param() as { run: string; report: string };
  const extension = /^report\.(\w+)$/.exec(file)?.[1] ?? '';
  const type = TYPES[extension];
  if (type === undefined)
    throw new LabError('REQUEST_INVALID', { problems: `expected report.${Object.keys(TYPES).join(', report.')}, found ${file}` });
  const text = await clerk.ask({ kind: 'report', run, extension });
  const name = encodeURIComponent(`${run}.${extension}`);
  const kept = c.req.query('download') === undefined ? {} : { 'content-disposition': `attachment; filename*=UTF-8''${name}` };
  return c.body(text, 200, { ...HARMLESS, ...kept, 'content-type': type });
}
