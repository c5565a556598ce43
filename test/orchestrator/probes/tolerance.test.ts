import { describe, expect, it } from 'vitest';
import { answerTolerance, toleranceWords, tolerates } from '../../../src/orchestrator/probes/tolerance.js';

const schema = answerTolerance();
const body = '{"state": "ready", "queue": 7, "nodes": [{"up": true}, {"up": true}], "leader": null}';

describe('a tolerance', () => {
  it.each([
    [200, true],
    [201, false],
    [{ in: [200, 204] }, true],
    [{ in: [204] }, false],
    [{ range: [200, 299] }, true],
    [{ range: [200, 200] }, true],
    [{ range: [0, 199] }, false],
    [{ regex: '"state": "rea' }, true],
    [{ regex: '^ready' }, false],
    [{ jsonpath: '$.state', expect: 'ready' }, true],
    [{ jsonpath: '$.state', expect: 'read' }, false],
    [{ jsonpath: '$.queue', expect: 7 }, true],
    [{ jsonpath: '$.queue', expect: { range: [0, 6] } }, false],
    [{ jsonpath: '$.queue', expect: { in: [6, 7] } }, true],
    [{ jsonpath: '$.nodes[*].up', expect: true }, true],
    [{ jsonpath: '$.leader', expect: null }, true],
    [{ jsonpath: '$.state', expect: { regex: '^r.*y$' } }, true],
    [{ jsonpath: '$.missing', expect: { regex: '' } }, undefined],
    [{ jsonpath: '$.missing', expect: 'x' }, false],
  ])('of %j on a 200 with a JSON body is met: %j', (written, met) => {
    const parsed = schema.safeParse(written);
    if (met === undefined) expect(parsed.success).toBe(false);
    else expect(tolerates(schema.parse(written), { figure: 200, text: body })).toBe(met);
  });

  it('by jsonpath is not met by one bad value among many, or by what is not JSON', () => {
    const up = schema.parse({ jsonpath: '$[*].up', expect: true });
    expect(tolerates(up, { figure: 0, text: '[{"up": true}, {"up": false}]' })).toBe(false);
    expect(tolerates(up, { figure: 0, text: '<html>' })).toBe(false);
    expect(tolerates(up, { figure: 0, text: '' })).toBe(false);
  });

  it('by range is not met by a text that is no figure', () => {
    const some = schema.parse({ jsonpath: '$.a', expect: { range: [0, 10] } });
    expect(tolerates(some, { figure: 0, text: '{"a": ""}' })).toBe(false);
    expect(tolerates(some, { figure: 0, text: '{"a": "five"}' })).toBe(false);
    expect(tolerates(some, { figure: 0, text: '{"a": "5"}' })).toBe(true);
  });

  it.each([
    { range: [2, 1] },
    { range: [1] },
    { in: [] },
    { regex: '(' },
    { regex: '(?=x)' },
    { jsonpath: '$[', expect: 1 },
    { jsonpath: '$' },
  ])('cannot be %j', (written) => {
    expect(schema.safeParse(written).success).toBe(false);
  });

  it('is said in words', () => {
    expect(toleranceWords(schema.parse({ in: [200, 204] }))).toBe('200 or 204');
    expect(toleranceWords(schema.parse({ jsonpath: '$.a', expect: { range: [1, 2] } }))).toBe('$.a = 1 to 2');
  });
});
