import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import * as registry from '../../src/cli/registry.js';
import { cli, sessionIn } from '../support/cli.js';

const subcommands = createProgram(Object.values(registry), sessionIn('nowhere').context)
  .commands.filter((command) => ['proxy', 'fault'].includes(command.name()))
  .flatMap((command) => command.commands.map((sub) => ({ words: `${command.name()} ${sub.name()}`, aliases: sub.aliases() })));

describe('a sub-command of the daemon', () => {
  it.each(subcommands)('$words shows in its help what it is for, and a line that can be pasted', async ({ words }) => {
    const { out, code } = await cli(...words.split(' '), '--help');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Example:\n  \\$ faultlab ${words}( |$)`));
    expect(out).toMatch(/\n\n[A-Z][^.]*\.\n\n/);
  });

  it('goes by the names that toxiproxy-cli has for the like', () => {
    const aliases = Object.fromEntries(subcommands.map(({ words, aliases: names }) => [words, names]));
    expect(aliases).toMatchObject({
      'proxy list': expect.arrayContaining(['l', 'li', 'ls']),
      'proxy inspect': expect.arrayContaining(['i', 'ins']),
      'proxy create': expect.arrayContaining(['c', 'new']),
      'proxy toggle': expect.arrayContaining(['tog']),
      'proxy remove': expect.arrayContaining(['d', 'delete']),
      'fault add': ['a'],
      'fault update': ['u'],
      'fault remove': expect.arrayContaining(['r', 'delete']),
    });
  });
});
