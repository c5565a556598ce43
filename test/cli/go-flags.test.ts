import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { fromGoFlags } from '../../src/cli/go-flags.js';

const command = new Command('serve').option('--host <address>').option('-p, --port <port>').option('--proxy-metrics');

describe('flags as Go takes them', () => {
  it.each([
    [
      ['-host', 'localhost', '-port', '8474'],
      ['--host', 'localhost', '--port', '8474'],
    ],
    [
      ['-host=localhost', '--port=8474'],
      ['--host', 'localhost', '--port', '8474'],
    ],
    [['-proxy-metrics'], ['--proxy-metrics']],
    [['-proxy-metrics=true'], ['--proxy-metrics']],
    [['-proxy-metrics=false'], []],
    [['-host='], ['--host', '']],
    [['-help'], ['--help']],
  ])('%j are ours in another form', (words, own) => {
    expect(fromGoFlags(['serve', ...words], command)).toEqual(['serve', ...own]);
  });

  it.each([[['-h']], [['-p', '1']], [['--unknown']], [['-unknown=1']], [['-1']], [['name=-host']]])('%j is left alone', (words) => {
    expect(fromGoFlags(words, command)).toEqual(words);
  });
});
