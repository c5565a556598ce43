/**
 * Flags as Go's programs take them: one dash or two, `-name value` or `-name=value`, and `-name=false` for one that is either on or off. Start
 * scripts of Toxiproxy's server write them so.
 */
import type { Command } from 'commander';

const FLAG = /^-([a-z][a-z-]+)(?:=(.*))?$/s;

/** The words with every such flag that the command knows in its own form; others stay as they are. */
export function fromGoFlags(words: readonly string[], { options }: Command): readonly string[] {
  return words.flatMap((word) => {
    const [, name, value] = FLAG.exec(word.replace(/^--/, '-')) ?? [];
    if (name === 'help') return ['--help'];
    const option = options.find(({ long }) => long === `--${name}`);
    if (option === undefined) return [word];
    if (value === undefined) return [`--${name}`];
    if (!option.isBoolean()) return [`--${name}`, value];
    return /^(?:1|t|true)$/i.test(value) ? [`--${name}`] : [];
  });
}
