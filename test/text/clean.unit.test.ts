/** Texts that leave: nothing that somebody wrote is lost silently, and nothing says what nobody meant. */
import { cleanHtml, cutText, htmlToText, oneLine } from '../../src/domain/text';

const BASE = 'https://acme.freshdesk.com';

describe('a text', () => {
  it.each([
    [
      'cells stay apart',
      '<table><tr><td>Port</td><td>VLAN</td></tr><tr><td>1</td><td>20</td></tr></table>',
      'Port VLAN\n1 20',
    ],
    [
      'cells of several words',
      '<table><tr><th>Room</th><th>Port</th></tr><tr><td>Main hall</td><td>4</td></tr></table>',
      'Room | Port\nMain hall | 4',
    ],
    [
      'an empty cell',
      '<table><tr><td>a</td><td></td><td>c</td></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>',
      'a - c\n1 2 3',
    ],
    [
      'a table that only lays out',
      '<table><tr><td>&nbsp;</td><td><table><tr><td><p>Hello all,</p><p>bye</p></td></tr></table></td></tr></table>',
      'Hello all,\nbye',
    ],
    ['a list that starts at three', '<ol start="3"><li>Unplug</li><li>Wait</li></ol>', '3. Unplug\n4. Wait'],
    ['an item with a number of its own', '<ol><li>a</li><li value="7">b</li><li>c</li></ol>', '1. a\n7. b\n8. c'],
    [
      'lists in lists',
      '<ul><li>Rack A<ul><li>Switch</li><li>UPS</li></ul></li><li>Rack B</li></ul>',
      '- Rack A\n  - Switch\n  - UPS\n- Rack B',
    ],
    [
      'terms and what they mean',
      '<dl><dt>Gate</dt><dd>B</dd><dt>Code</dt><dd>2468</dd></dl>',
      'Gate\n  B\nCode\n  2468',
    ],
    ['what folds away', '<details><summary>Access</summary>Ring twice</details>', 'Access\nRing twice'],
    ['struck-out text', 'Code <s>1111</s> <b>2468</b>', 'Code [struck out: 1111] 2468'],
    [
      'text struck out by its style',
      '<p><span style="color:red;text-decoration:line-through">Monday</span> Tuesday</p>',
      '[struck out: Monday] Tuesday',
    ],
    [
      'a struck-out row',
      '<table><tr style="text-decoration-line: line-through"><td>1</td><td>20</td></tr><tr><td>2</td><td>30</td></tr></table>',
      '[struck out: 1] | [struck out: 20]\n2 | 30',
    ],
    [
      'a struck-out paragraph with bold words',
      '<del><p>Bring <b>two</b> ladders</p></del><p>Bring one</p>',
      '[struck out: Bring two ladders]\n\nBring one',
    ],
    [
      'hidden text',
      '<div style="display: none">Preview text</div><p hidden>x</p><span style="mso-hide:all">y</span>Shown',
      'Shown',
    ],
    [
      'a picture with words',
      '<div><img src="https://files.example/inline?token=a" alt="error 0x51"></div>',
      '[picture: error 0x51]',
    ],
    ['a picture without words', 'See<img src="cid:1">here', 'See [picture] here'],
    ['a dot that counts readers', 'a<img src="https://t.example/p" width="1" height="1">', 'a'],
    ['an emoji as a picture', 'Thanks <img alt="👍" src="x">', 'Thanks 👍'],
    ['boxes to tick', '<input type="checkbox" checked>Keys<br><input type="checkbox">Ladder', '[x] Keys\n[ ] Ladder'],
    ['powers', '10<sup>6</sup> Ω, 4 m<sup>2</sup>, the 1<sup>st</sup>', '10^6 Ω, 4 m2, the 1st'],
    [
      'quotations',
      '<p>Yes.</p><blockquote><p>On Monday Jo wrote:</p><p>Can you?</p></blockquote>',
      'Yes.\n\n> On Monday Jo wrote:\n> \n> Can you?',
    ],
    [
      'Outlook’s conditions',
      '<!--[if mso]><p>never</p><![endif]--><![if !supportLists]>1. <![endif]>Item<o:p></o:p><xml><w:View>Normal</w:View></xml>',
      '1. Item',
    ],
    ['preformatted lines', '<pre>eth0  up\neth1  down</pre>', 'eth0  up\neth1  down'],
    ['old tags left open', '<table><tr><td>a<td>b<tr><td>c<td>d</table><ul><li>x<li>y</ul>', 'a b\nc d\n\n- x\n- y'],
    ['entities', 'Caf&eacute; &ldquo;5&nbsp;&deg;&rdquo; &#128736;', 'Café “5 °” 🛠'],
  ])('keeps %s', (_, html, text) => {
    expect(htmlToText(html)).toBe(text);
    // HTML for a work order says the same, cleaned once or twice.
    const clean = cleanHtml(html);
    expect(htmlToText(clean)).toBe(text);
    expect(cleanHtml(clean)).toBe(clean);
  });

  it.each([
    ['/a/tickets/5', `see [${BASE}/a/tickets/5]`],
    ['//files.example/x', 'see [https://files.example/x]'],
    ['support/solutions', `see [${BASE}/support/solutions]`],
    ['#part', 'see'],
    ['file:///S:/plans/a.pdf', 'see [file:///S:/plans/a.pdf]'],
    ['java\nscript:x()', 'see'],
    ['data:text/html,x', 'see'],
  ])('shows where a link to %s leads', (href, text) => {
    expect(htmlToText(`<a href="${href}">see</a>`, { base: BASE })).toBe(text);
    expect(htmlToText(cleanHtml(`<a href="${href}">see</a>`, { base: BASE }))).toBe(text);
  });

  it('shows the beginning of a link that is too long to follow', () => {
    const long = `https://files.example/${'a'.repeat(9000)}`;
    const clean = cleanHtml(`<a href="${long}">plan</a>`);
    expect(clean).toMatch(/^<a>plan<\/a> \[https:\/\/files\.example\/a+…\]$/);
    expect(clean.length).toBeLessThan(300);
    const safe = `https://safelinks.example/?url=${'a'.repeat(5000)}`;
    expect(cleanHtml(`<a href="${safe}">plan</a>`)).toBe(`<a href="${safe}">plan</a>`);
  });

  it('shows a relative link whose start is not known', () => {
    expect(htmlToText('<a href="/a/tickets/5">see</a>')).toBe('see [/a/tickets/5]');
    expect(cleanHtml('<a href="/a/tickets/5">see</a>')).toBe('<a>see</a> [/a/tickets/5]');
  });
});

describe('HTML for a work order', () => {
  it('keeps lists with their numbers, tables and links', () => {
    const html =
      '<ol start="3"><li value="4">a</li></ol><table><tr><td colspan="2">b</td></tr></table><a href="tel:+1555">c</a>';
    expect(cleanHtml(html)).toBe(html);
    expect(cleanHtml('<p dir="rtl" onclick="x()">\u05d0</p>')).toBe('<p dir="rtl">\u05d0</p>');
  });

  it('makes lines of what other blocks hold', () => {
    expect(cleanHtml('<section>a</section><details><summary>b</summary>c</details><center>d</center>')).toBe(
      '<div>a</div><div><div>b</div>c</div><div>d</div>',
    );
  });

  it('is measured without its pictures and styles', () => {
    const picture = `<img src="data:image/png;base64,${'A'.repeat(900_000)}">`;
    const cell = `<td style="${'mso-border-alt:solid windowtext .5pt;'.repeat(20)}"><p class="MsoNormal">P<o:p></o:p></p></td>`;
    const html = `<p>Before</p>${picture}<table>${`<tr>${cell}</tr>`.repeat(700)}</table><p>Door code is 2468.</p>`;
    expect(cleanHtml(html)).toContain('<p>Before</p>[picture]<table>');
    expect(cleanHtml(html)).toContain('<p>Door code is 2468.</p>');
    expect(htmlToText(html)).toContain('Door code is 2468.');
  });

  it('shows a cut at its place and where the rest is, with all tags closed', () => {
    const html = `<div><p>${'word '.repeat(60_000)}</p><p>end</p></div>`;
    const clean = cleanHtml(html, { most: 1000, rest: 'the rest is in Freshdesk ticket 4711' });
    expect(clean).toMatch(/ wo?r?d?…<\/p><\/div><p>… \[the rest is in Freshdesk ticket 4711\]<\/p>$/);
    expect(clean.length).toBeLessThan(1200);
    expect(cleanHtml(html).endsWith('<p>…</p>')).toBe(true);
  });
});

test('a cut text shows it, keeps whole characters and names where the rest is', () => {
  expect(cutText('abc', 3)).toBe('abc');
  expect(cutText('abcd', 3)).toBe('ab…');
  expect(cutText('ab😀d', 4)).toBe('ab…');
  const cut = cutText('x'.repeat(500), 100, 'the rest is in Freshdesk ticket 4711');
  expect(cut).toHaveLength(100);
  expect(cut).toMatch(/^x+… \[the rest is in Freshdesk ticket 4711\]$/);
});

test('a title is one line that nothing can turn around', () => {
  expect(oneLine('  Card\r\nreader\u0000 \u202egnp.exe\u2069 off\u2028line\t ')).toBe('Card reader gnp.exe off line');
  // Hebrew with the mark that typists put in stays as it was written.
  expect(oneLine('שלום \u200fA-12')).toBe('שלום \u200fA-12');
});
