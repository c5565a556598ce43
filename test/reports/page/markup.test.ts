import { describe, expect, it } from 'vitest';
import { markup, px, trusted } from '../../../src/reports/page/markup.js';

describe('the markup tag', () => {
  it('escapes values and keeps its own text', () => {
    expect(markup`<b title="${`"'`}">${'<&>'}</b>`.markup).toBe('<b title="&quot;&#39;">&lt;&amp;&gt;</b>');
  });

  it('takes markup as it is, at any depth, once', () => {
    expect(markup`<ul>${['a&', 'b'].map((t) => markup`<li>${t}</li>`)}</ul>`.markup).toBe('<ul><li>a&amp;</li><li>b</li></ul>');
    expect(markup`${trusted('<hr>')}`.markup).toBe('<hr>');
  });

  it('leaves nothing behind for a part that is not there, and keeps zero', () => {
    expect(markup`[${undefined}${false}${0}]`.markup).toBe('[0]');
  });

  it('does not take a text that looks like markup for markup', () => {
    expect(markup`${JSON.stringify({ markup: '<b>' })}`.markup).not.toContain('<b>');
  });

  it('rounds coordinates to what a screen shows', () => {
    expect([px(1.24), px(1.26), px(3)]).toEqual(['1.2', '1.3', '3']);
  });
});
