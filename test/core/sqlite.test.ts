import { describe, expect, it } from 'vitest';
import { findSqlite } from '../../src/core/sqlite.js';

describe('looking for SQLite', () => {
  it('finds one that takes and gives rows, or says in one line of each driver why there is none', () => {
    const sqlite = findSqlite();
    if (sqlite.kind === 'none')
      return expect(sqlite.reason.split('; ')).toEqual([expect.stringMatching(/^.+$/), expect.stringMatching(/^.+$/)]);
    const database = sqlite.open(':memory:');
    database.prepare('create table words (word text)').run([]);
    database.prepare('insert into words values (?)').run(['a']);
    expect(database.prepare('select word from words').all([])).toEqual([{ word: 'a' }]);
    database.close();
  });

  it('asks no driver that it was not told of', () => {
    expect(findSqlite([])).toEqual({ kind: 'none', reason: '' });
  });

  it.skipIf(Number(process.versions.node.split('.', 1)[0]) > 20)('says what is missing, without the files that asked for it', () => {
    expect(findSqlite(['node:sqlite'])).toEqual({ kind: 'none', reason: expect.stringMatching(/^No such built-in module: node:sqlite/) });
  });
});
