/** Where traces go: `--otlp URL`, else what OpenTelemetry’s own variables say. They are switched on by naming a collector, and by nothing else. */
import { LabError } from '../core/errors.js';

const PATH = '/v1/traces';

/** The address that is posted to; undefined: nowhere. Throws USAGE. */
export function tracesUrl(otlp: string | undefined, env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (otlp !== undefined) return withPath(addressOf(otlp, '--otlp'));
  if (env['OTEL_SDK_DISABLED'] === 'true') return undefined;
  // This one is taken as it stands, the general one is where all kinds of signals begin.
  const own = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  if (own) return addressOf(own, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT').href;
  const general = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return general ? withPath(addressOf(general, 'OTEL_EXPORTER_OTLP_ENDPOINT')) : undefined;
}

function withPath(url: URL): string {
  if (!url.pathname.endsWith(PATH)) url.pathname = `${url.pathname.replace(/\/$/, '')}${PATH}`;
  return url.href;
}

function addressOf(text: string, where: string): URL {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new LabError('USAGE', { problem: `${where}: expected a collector’s address by http or https, like http://127.0.0.1:4318` });
  return new URL(text);
}
