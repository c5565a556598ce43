/**
 * `/ui/`: the files of the page, for whoever asks: they hold no data. What the page may do is little: it loads its own files and speaks to this daemon, and
 * nobody may frame it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** Names of built files change with what is in them; that of the page itself stays. */
const KEPT_FOREVER = 'public, max-age=31536000, immutable';

export function pageRoutes(folder: string) {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) c.header(name, value);
    c.header('cache-control', c.res.status === 200 && c.req.path.startsWith('/ui/assets/') ? KEPT_FOREVER : 'no-cache');
  });
  if (existsSync(join(folder, 'index.html'))) {
    app.get('*', serveStatic({ root: folder, rewriteRequestPath: (path) => path.slice('/ui'.length) }));
  }
  return app.get('*', (c) => c.json({ code: 'NOT_FOUND', error: `no file ${c.req.path} in ${folder}: built by \`npm run build\`` }, 404));
}
