import { htmlToText, mapWorkOrder, renderTemplate } from '../../src/domain/mapping';
import type { MappingAction } from '../../src/domain/mapping';
import { NO_FIELDS, sourcesOf } from './ticket';

const LINE = '<p>Deskbridge FD-acme-4711-1</p>';

function description(action: MappingAction, changes: Record<string, unknown> = {}): string {
  const { payload } = mapWorkOrder({ 'description.html': action }, sourcesOf(changes), NO_FIELDS);
  const { html } = payload['description'] as { html: string };
  expect(html.endsWith(LINE)).toBe(true);
  return html.slice(0, -LINE.length);
}

describe('HTML for a work order', () => {
  it.each([
    ['a script', '<p>a<script>alert(1)</script></p>', '<p>a</p>'],
    ['a handler', '<p onclick="x()">a</p>', '<p>a</p>'],
    ['a javascript link', '<a href="java\nscript:x()">a</a>', '<a>a</a>'],
    ['a data link', '<a href="data:text/html,x">a</a>', '<a>a</a>'],
    ['an image', 'a<img src="x" onerror="y()">', 'a [picture]'],
    ['a frame', '<iframe src="https://x"></iframe>a', 'a'],
    ['a style', '<style>p{}</style><b style="x">a</b>', '<b>a</b>'],
    ['a tag left open', '<div><b>a', '<div><b>a</b></div>'],
    ['a comment left open', 'a<!-- b', 'a'],
    [
      'a plain link',
      '<a href="https://x.example/?a=1&amp;b=2">a</a>',
      '<a href="https://x.example/?a=1&amp;b=2">a</a>',
    ],
  ])('is free of %s', (_, html, clean) => {
    expect(description({ from: 'ticket.description' }, { description: html })).toBe(clean);
  });

  it('shows plain text as it was written', () => {
    expect(description({ from: 'ticket.subject' }, { subject: 'a < b & <script>\nc' })).toBe(
      'a &lt; b &amp; &lt;script&gt;<br />c',
    );
  });

  it('escapes values in a template, but not the ticket description', () => {
    const template = '<p>{{ticket.subject}}</p>{{ticket.description}}';
    expect(description({ template }, { subject: '<i>', description: '<b>x</b>' })).toBe('<p>&lt;i&gt;</p><b>x</b>');
  });

  it('escapes text that was HTML before', () => {
    expect(description({ from: 'ticket.description', text: true }, { description: '&lt;b&gt;' })).toBe('&lt;b&gt;');
  });

  it('counts as missing when there is no text in it', () => {
    const mapping = { 'description.html': { from: 'ticket.description' } };
    const { problems } = mapWorkOrder(mapping, sourcesOf({ description: '<div>&nbsp;<br></div>' }), NO_FIELDS);
    expect(problems.map(({ target }) => target)).toContain('description.html');
  });
});

describe('a description that is too long', () => {
  const action = {
    concat: [{ from: 'ticket.description' }, { static: '<p>Freshdesk ticket: 4711</p>' }],
    separator: '',
  };
  it.each([
    ['of text', `<p>${'word '.repeat(60_000)}</p><p>end</p>`],
    ['of markup', `${`<a href="https://files.example/${'a'.repeat(4000)}">a</a>`.repeat(120)}<p>end</p>`],
  ])('says where its rest is, and leaves room for what the config adds: %s', (_, html) => {
    expect(description(action, { description: html })).toMatch(
      /<p>… \[the rest is in Freshdesk ticket 4711: https:\/\/acme\.freshdesk\.com\/a\/tickets\/4711\]<\/p><p>Freshdesk ticket: 4711<\/p>$/,
    );
  });

  it('keeps what the config adds to one that just fits', () => {
    const html = description(action, { description: `<p>${'x'.repeat(199_990)}</p>` });
    expect(html.endsWith('x</p><p>Freshdesk ticket: 4711</p>')).toBe(true);
  });
});

describe('HTML to text', () => {
  it('keeps line breaks and links', () => {
    expect(htmlToText('<div>One</div><div>Two<br>Three</div><p><a href="https://a.example">a</a></p>')).toBe(
      'One\nTwo\nThree\n\na [https://a.example]',
    );
  });

  it('survives 20 000 nested tags without losing the text', () => {
    const bomb = `${'<div>'.repeat(20_000)}deep &lt;inside&gt;${'</div>'.repeat(20_000)}`;
    expect(htmlToText(`top ${bomb}`)).toBe('top deep <inside>');
    expect(description({ from: 'ticket.description' }, { description: bomb })).toContain('deep');
  });
});

describe('hostile HTML', () => {
  it.each(['<ul><li>', '<', '<a ', '<!--', '&', '<p>', '<table>', '<a href="', '<b>', '<table><tr><td>'])(
    'of many %j is done with soon',
    (piece) => {
      const html = piece.repeat(1_000_000 / piece.length);
      const before = process.cpuUsage();
      expect(typeof htmlToText(html)).toBe('string');
      description({ from: 'ticket.description' }, { description: html });
      expect(process.cpuUsage(before).user / 1e6).toBeLessThan(4);
    },
  );

  it('keeps the text and hides scripts where no parser can read it', () => {
    const html = `one &amp; 1 < 2 <script>bad()</script>${'<b>'.repeat(2000)}two<br>three &lt;i&gt;`;
    expect(htmlToText(html)).toBe('one & 1 < 2 two three <i>');
    expect(description({ from: 'ticket.description' }, { description: html })).toBe(
      'one &amp; 1 &lt; 2 two three &lt;i&gt;',
    );
  });
});

describe('a note', () => {
  const sources = {
    ...sourcesOf({ subject: '<b>x</b>' }),
    provider: { first_name: ' Lee ', last_name: 'Park' },
    workOrder: { id: 9, description: { html: '<p>Do <b>it</b></p>' } },
  };
  it.each([
    ['{{ticket.subject}}', '&lt;b&gt;x&lt;/b&gt;', '<b>x</b>'],
    ['{{provider.name}}', 'Lee Park', 'Lee Park'],
    ['{{workOrder.description.html}}', 'Do it', 'Do it'],
    ['{{ticket.tags}} {{ticket.company}}', 'field-visit, pos ', 'field-visit, pos '],
    ['{{nowhere.at.all}}{{ticket.__proto__}}{{', '{{', '{{'],
  ])('%s', (template, html, plain) => {
    const malformed = template.endsWith('{{');
    expect(renderTemplate(template, sources, { escape: 'html' })).toBe(malformed ? '' : html);
    expect(renderTemplate(template, sources, { escape: 'none' })).toBe(malformed ? '' : plain);
  });
});

test.each(['javascript:alert(1)', 'java\nscript:alert(1)', ' JavaScript:alert(1)', 'data:text/html,x', 'vbscript:x'])(
  'an address such as %j is no part of the plain text',
  (href) => {
    expect(htmlToText(`<a href="${href}" onclick="x()">here</a><script>x()</script><style>b{}</style>`)).toBe('here');
  },
);

test('plain addresses stay in the text', () => {
  const html =
    '<a href="https://a.example/x">see</a> <a href="mailto:a@b.example">mail</a> <a href="tel:+1555">call</a>';
  expect(htmlToText(html)).toBe('see [https://a.example/x] mail [a@b.example] call [tel:+1555]');
});
