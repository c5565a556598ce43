/** What the programs are told through their environment: parsed once, with a sentence that names the variable when it is wrong. */
import { LabError } from '../core/errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Address {
  readonly host: string;
  readonly port: number;
}

const ADDRESS = /^([^\s:]+):(\d{1,5})$/;

/** A variable that has to be there. Throws USAGE. */
export function readText(env: Environment, name: string): string {
  const value = env[name]?.trim();
  if (value === undefined || value === '') throw new LabError('USAGE', { problem: `expected ${name} in the environment, found nothing` });
  return value;
}

/** 0…65535; 0 takes any free port. Throws USAGE. */
export function readPort(env: Environment, name: string): number {
  const text = readText(env, name);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new LabError('USAGE', { problem: `expected ${name} to be a port from 0 to 65535, found "${text}"` });
}

/** `host:port,host:port…`, at least one. Throws USAGE. */
export function readAddresses(env: Environment, name: string): readonly [Address, ...Address[]] {
  const [first, ...rest] = readText(env, name)
    .split(',')
    .map((text) => parseAddress(name, text.trim()));
  if (first === undefined) throw new LabError('USAGE', { problem: `expected ${name} to be host:port, found nothing` });
  return [first, ...rest];
}

/** The same, of a dependency that may be missing. Throws USAGE. */
export function readAddressesIfAny(env: Environment, name: string): readonly [Address, ...Address[]] | undefined {
  return env[name] === undefined ? undefined : readAddresses(env, name);
}

/** `a, b, c`. Throws USAGE where there is nothing. */
export function readNames(env: Environment, name: string): readonly string[] {
  return readText(env, name)
    .split(',')
    .map((text) => text.trim());
}

/**
 * Members by name: the names in one variable, and their addresses, in the same order, in another. `without` is who is named and needs no address of
 * its own. Throws USAGE unless there are as many of both.
 */
export function readMembers(
  env: Environment,
  { names, addresses, without }: { names: string; addresses: string; without?: string },
): ReadonlyMap<string, Address> {
  const found = readAddresses(env, addresses);
  const others = readNames(env, names).filter((text) => text !== without);
  if (others.length !== found.length) {
    throw new LabError('USAGE', { problem: `expected as many ${names} as ${addresses}, found ${others.length} and ${found.length}` });
  }
  return new Map(found.map((address, i) => [others[i] ?? '', address]));
}

function parseAddress(name: string, text: string): Address {
  const match = ADDRESS.exec(text);
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port < 1 || port > 65_535) {
    throw new LabError('USAGE', { problem: `expected ${name} to be host:port, like 127.0.0.1:8080, found "${text}"` });
  }
  return { host: match[1], port };
}
