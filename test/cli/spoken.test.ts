import { describe, expect, it } from 'vitest';
import { understand } from '../../src/cli/spoken.js';

const gate = (...by: string[]) => ({ name: 'go', question: '', by });
const meant = (line: string, by?: readonly string[]) =>
  understand(line, { gate: by === undefined ? undefined : gate(...by), owner: 'eve' });

describe('a line that somebody types while a run goes on', () => {
  it.each(['y', 'yes', ' Y ', 'YES'])('is a yes to the gate that waits: %j', (line) => {
    expect(meant(line, [])).toEqual({ kind: 'answer', answer: { decision: 'approved', by: 'eve' } });
  });

  it.each(['n', 'No'])('is a no: %j', (line) => {
    expect(meant(line, [])).toEqual({ kind: 'answer', answer: { decision: 'refused', by: 'eve' } });
  });

  it('is signed by whoever the gate asks for', () => {
    expect(meant('y', ['eve', 'ann'])).toMatchObject({ answer: { by: 'eve' } });
    expect(meant('y', ['ann'])).toMatchObject({ answer: { by: 'ann' } });
    expect(meant('y bob', ['ann', 'bob'])).toMatchObject({ answer: { by: 'bob' } });
  });

  it('asks whose answer it is where several could have given it', () => {
    expect(meant('y', ['ann', 'bob'])).toEqual({ kind: 'unsigned', hint: 'say who answers: y ann, y bob' });
  });

  it.each(['no errors on the dashboard', 'yes we see it', 'y mallory', 'slow'])('is a note: %j', (line) => {
    expect(meant(line, ['ann'])).toEqual({ kind: 'note', text: line });
    expect(meant(line)).toEqual({ kind: 'note', text: line });
  });

  it('is a note where no gate waits, whatever it says', () => {
    expect(meant('y')).toEqual({ kind: 'note', text: 'y' });
  });

  it('is nothing when it is empty, and cut when it is endless', () => {
    expect(meant('  ', [])).toEqual({ kind: 'nothing' });
    expect(meant('x'.repeat(5_000))).toMatchObject({ text: 'x'.repeat(2_000) });
  });
});
