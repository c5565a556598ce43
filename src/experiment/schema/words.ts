/** Small words of the language that several of its parts use: names, paths, addresses, one-or-more. */
import { z } from 'zod';

/** Name of a service, instance, step, probe or input. No `>`, `/` or blank, so that `a->b` and `service/instance` stay unambiguous. */
export const name = () =>
  z
    .string()
    .max(63)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'expected a name of letters, digits, dots, dashes and underscores');

/** Path of an HTTP request. */
export const urlPath = () => z.string().max(2_000).startsWith('/', 'expected a path that starts with a slash');

/** `host:port`, or `[ipv6]:port`. */
export const address = () => z.string().regex(/^(\[[0-9a-fA-F:.]+\]|[^:\s/[\]]+):\d{1,5}$/, 'expected host:port, like 127.0.0.1:8080');

/** A list, or its only member. */
export const oneOrMore = <S extends z.ZodType<string, string>>(item: S) =>
  z.union([item, z.array(item).max(1_000)]).transform((value): string[] => (Array.isArray(value) ? value : [value]));

/** Text that a program is given; a number or a truth value is taken as it is written. */
export const processText = () => z.union([z.string(), z.number(), z.boolean()]).transform(String);
