/** The HTTP face of a daemon: native routes under `/v1`. Every failure of the error table becomes its status and a JSON body that says what to do. */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { LabError, reasonOf } from '../core/errors.js';
import type { Daemon } from '../dataplane/daemon.js';
import type { AnnotationDesk } from './annotation-desk.js';
import type { GatewayKeeper } from './gateway-keeper.js';
import { type GuardOptions, guard, guardHost } from './guard.js';
import { HandDesk } from './hand-desk.js';
import type { Library } from './library/library.js';
import { PlanDesk } from './library/plan-desk.js';
import type { LiveDesk } from './live/live-desk.js';
import type { RunFeed } from './live/run-feed.js';
import type { DaemonMetrics } from './metrics/daemon-metrics.js';
import type { PeopleDesk } from './people-desk.js';
import { annotationRoutes } from './routes/annotations.js';
import { catalogRoutes } from './routes/catalog.js';
import { faultRoutes } from './routes/faults.js';
import { gatewayRoutes } from './routes/gateway.js';
import { haltRoutes } from './routes/halt.js';
import { handRoutes } from './routes/hand.js';
import { historyRoutes } from './routes/history.js';
import { liveRoutes } from './routes/live.js';
import { observationRoutes } from './routes/observations.js';
import { pageRoutes } from './routes/page.js';
import { gateRoutes, noteRoutes } from './routes/people.js';
import { planRoutes } from './routes/plans.js';
import { proxyRoutes } from './routes/proxies.js';
import { runRoutes } from './routes/runs.js';

const BODY_BYTES_MAX = 4 * 1024 * 1024;

export interface ControlAppOptions extends GuardOptions {
  daemon: Daemon;
  gateway: GatewayKeeper;
  people: PeopleDesk;
  version: string;
  /** Where runs tell of themselves; without it they are not asked to. */
  feed?: RunFeed | undefined;
  /** The page: what it shows, and the folder of its files. */
  page?: { desk: LiveDesk; folder: string } | undefined;
  /** Answers at `/metrics`; without it that path is Toxiproxy's. */
  metrics?: DaemonMetrics | undefined;
  /** What happened, as marks on charts; left out where nobody follows. */
  annotations?: AnnotationDesk | undefined;
  /** Runs of before and experiments, for the page. */
  library?: Library | undefined;
  onError?: (error: unknown) => void;
}

export function createControlApp(options: ControlAppOptions) {
  const { daemon, gateway, people, version, metrics, feed, page, annotations, library, onError } = options;
  const app = new Hono().use(async (c, next) => {
    await next();
    c.header('x-content-type-options', 'nosniff');
  });
  if (page !== undefined) app.use('/ui/*', guardHost(options)).route('/ui', pageRoutes(page.folder));
  app
    .use(guard(options))
    .use(
      bodyLimit({
        maxSize: BODY_BYTES_MAX,
        onError: () => {
          throw new LabError('REQUEST_INVALID', { problems: `the body is larger than ${BODY_BYTES_MAX} bytes` });
        },
      }),
    )
    .get('/v1/status', (c) => c.json({ version, pid: process.pid, wantsNews: feed !== undefined, ...daemon.status() }))
    .get('/v1/ca.pem', async (c) => c.body(await daemon.authority.certificate(), 200, { 'content-type': 'application/x-pem-file' }))
    .route('/v1/proxies', proxyRoutes(daemon))
    .route('/v1/faults', faultRoutes(daemon))
    .route('/v1/gateway', gatewayRoutes(gateway))
    .route('/v1/runs', runRoutes(daemon, feed))
    .route('/v1/notes', noteRoutes(people))
    .route('/v1/gates', gateRoutes(people))
    .route('/v1/hand', handRoutes(new HandDesk(daemon, feed)))
    .route('/v1/catalog', catalogRoutes())
    .route('/v1/halt', haltRoutes(daemon))
    .route('/v1/observations', observationRoutes(daemon));
  if (page !== undefined) app.route('/v1/live', liveRoutes(page.desk));
  if (annotations !== undefined) app.route('/v1/annotations', annotationRoutes(annotations));
  if (metrics !== undefined) {
    app.get('/metrics', async (c) => {
      const { contentType, body } = await metrics.text(c.req.header('accept'));
      return c.body(body, 200, { 'content-type': contentType });
    });
  }
  if (library !== undefined) {
    const { clerk, starter } = library;
    app.route('/v1/history', historyRoutes(clerk)).route('/v1/plans', planRoutes(clerk, new PlanDesk(clerk, starter)));
  }
  app.notFound((c) => c.json({ code: 'NOT_FOUND', error: `no route ${c.req.method} ${c.req.path}` }, 404));
  app.onError((error, c) => {
    if (error instanceof LabError) {
      const body = { code: error.code, error: error.message, hint: error.hint, details: error.details };
      return c.newResponse(JSON.stringify(body), error.status as 400, { 'content-type': 'application/json' });
    }
    onError?.(error);
    return c.json({ code: 'INTERNAL', error: reasonOf(error) }, 500);
  });
  return app;
}
