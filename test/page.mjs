/**
 * The page of the daemon (`dashboards/live`), bundled by Vite into plain files that need nothing from elsewhere. The page's policy allows no inline
 * script and no inline style, so nothing of it may end up in index.html.
 */
import { join } from 'node:path';
import { build } from 'vite';

/** Writes the page into `outDir`. Throws what Vite found wrong. */
export async function buildPage(root, outDir) {
  await build({
    configFile: false,
    root: join(root, 'dashboards', 'live'),
    // It is served under /ui/ by a daemon, and under another path by whoever puts a proxy before it.
    base: './',
    publicDir: false,
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      // light-dark() as it is written: translated, it would follow the system alone and never the switch.
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1_024,
    },
  });
}
