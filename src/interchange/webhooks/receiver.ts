/** Where notices go, with its address known. Addresses are secrets as often as not: whatever is said of one names its host and nothing else. */
import { LabError } from '../../core/errors.js';
import { NOTICE_KINDS, NOTICE_SHAPES, type NoticeKind, type NoticeShape, type PlannedReceiver } from '../../experiment/schema/notify.js';

export interface Receiver {
  url: URL;
  shape: NoticeShape;
  on: readonly NoticeKind[];
}

export interface ReceiverPorts {
  env: Readonly<Record<string, string | undefined>>;
  /** Throws where the file cannot be read. */
  readFile(path: string): string;
}

/** Of a plan. Throws USAGE where the variable is not set, or is no address. */
export function receiverOfPlan({ url, urlFrom, shape, on }: PlannedReceiver, { env }: Pick<ReceiverPorts, 'env'>): Receiver {
  if (urlFrom === undefined) return { url: addressOf(url, 'notify: url'), shape, on };
  return { url: addressOf(env[urlFrom], `notify: the environment variable ${urlFrom}`), shape, on };
}

/** Of the command line: `https://…`, `env:NAME`, `file:PATH`, or one of these behind `slack=`. Throws USAGE. */
export function receiverOfText(text: string, { env, readFile }: ReceiverPorts): Receiver {
  const shape = NOTICE_SHAPES.find((one) => text.startsWith(`${one}=`));
  const where = shape === undefined ? text : text.slice(shape.length + 1);
  const [, kind, name = ''] = /^(env|file):(.+)$/s.exec(where) ?? [];
  const url =
    kind === 'env'
      ? addressOf(env[name], `--webhook: the environment variable ${name}`)
      : kind === 'file'
        ? addressOf(readFile(name).trim(), `--webhook: the file ${name}`)
        : addressOf(where, '--webhook');
  return { url, shape: shape ?? 'generic', on: NOTICE_KINDS };
}

function addressOf(text: string | undefined, where: string): URL {
  const found = text === undefined ? 'found none' : 'found something else';
  if (text === undefined || !URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new LabError('USAGE', { problem: `${where}: expected an address by http or https, like https://hooks.example/T0/B0, ${found}` });
  return new URL(text);
}
