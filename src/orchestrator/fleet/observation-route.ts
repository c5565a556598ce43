/**
 * Which way observations take from agents to a run: straight to it, or by a place that both reach, a folder or a store of objects. The plan says which; what is secret
 * of it stands in the environment of whoever runs it, and nothing that is said of a way holds any of it.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { LabError, reasonOf } from '../../core/errors.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const variable = () =>
  z.string().regex(/^FAULTLAB_[A-Z0-9_]{1,100}$/, 'expected the name of an environment variable that begins with FAULTLAB_');

const folderSchema = z.strictObject({
  folder: z
    .string()
    .max(1_000)
    .regex(/^\//, 'expected a path from the root')
    .meta({ description: 'one that every host has under this path, such as a mount; it has to be there' }),
});

const storeSchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .optional()
      .meta({ description: 'a store of objects that takes PUT below it, and gives what it took to GET' }),
    urlFrom: variable().optional().meta({ description: 'in place of `url`: the environment variable that holds it, where it is a secret' }),
    tokenFrom: variable()
      .optional()
      .meta({ description: 'the environment variable that holds a token, which is sent as `Authorization: Bearer`' }),
  })
  .refine(({ url, urlFrom }) => (url === undefined) !== (urlFrom === undefined), 'expected either `url` or `urlFrom`');

export const routeSchema = z
  .union([z.literal('direct'), folderSchema, storeSchema])
  .default('direct')
  .meta({
    description:
      'how hosts hand in what they have observed: `direct`, to the orchestrator; or by a shared `folder` or a store of objects, which need not reach it. A variable that is not set is read from the file that the one of the same name with `_FILE` behind it names',
  });
export type PlannedRoute = z.output<typeof routeSchema>;

export type ObservationRoute =
  | { kind: 'direct' }
  | { kind: 'folder'; folder: string }
  | { kind: 'store'; url: string; token: string | undefined };

/** With its secrets. Throws USAGE where a variable holds none. */
export function routeOf(planned: PlannedRoute, env: Environment): ObservationRoute {
  if (planned === 'direct') return { kind: 'direct' };
  if ('folder' in planned) return { kind: 'folder', folder: planned.folder };
  const { url, urlFrom, tokenFrom } = planned;
  const token = tokenFrom === undefined ? undefined : secretOf(tokenFrom, env);
  if (urlFrom === undefined) return { kind: 'store', url: url ?? '', token };
  const secret = secretOf(urlFrom, env);
  if (!/^https?:\/\//.test(secret) || !URL.canParse(secret))
    throw new LabError('USAGE', { problem: `observationsVia: expected ${urlFrom} to hold a URL by http or https, found something else` });
  return { kind: 'store', url: secret, token };
}

/** How it goes, as the end of a sentence. */
export function describeRoute(planned: PlannedRoute): string {
  if (planned === 'direct') return 'straight to the run';
  if ('folder' in planned) return `by the folder ${planned.folder}`;
  return `by the store ${planned.url === undefined ? `that ${planned.urlFrom} names` : new URL(planned.url).host}`;
}

/** What agents are told of a place that both reach; see `carrierTo`. */
export function destinationOf(route: Exclude<ObservationRoute, { kind: 'direct' }>): { url: string; token?: string | undefined } {
  return route.kind === 'folder' ? { url: pathToFileURL(route.folder).href } : { url: `object+${route.url}`, token: route.token };
}

function secretOf(name: string, env: Environment): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  const file = env[`${name}_FILE`];
  if (file === undefined)
    throw new LabError('USAGE', { problem: `observationsVia: expected the environment variable ${name}, or ${name}_FILE, to be set` });
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new LabError('FILE_UNREADABLE', { file, reason: reasonOf(error) });
  }
}
