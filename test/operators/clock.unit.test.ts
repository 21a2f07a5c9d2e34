/** Times inside texts: by the reader's clock on each surface. */
import { byClock, clock, clockWithZone } from '../../src/cli/clock';
import { momentText, withMoments } from '../../src/domain/moments';
import { timed } from '../../src/http/status/words';
import { html } from '../../src/page/markup';

test('finds the times of a sentence, as we write them and as upstreams do', () => {
  const text = `since ${momentText('2026-03-01T18:30:12.345Z')}; next try 2026-03-01T18:31:00.5Z. Part 2026-03-01 stays`;
  expect(withMoments(text, (iso) => ({ iso }))).toEqual([
    'since ',
    { iso: '2026-03-01T18:30Z' },
    '; next try ',
    { iso: '2026-03-01T18:31:00.5Z' },
    '. Part 2026-03-01 stays',
  ]);
  expect(withMoments('', String)).toEqual(['']);
});

test('a page marks them for the reader’s clock, and escapes what stands beside them', () => {
  expect(html`${timed('<b> since 2026-03-01 18:30 UTC')}`.text).toBe(
    '&lt;b&gt; since <time datetime="2026-03-01T18:30Z" data-local="near">2026-03-01 18:30 UTC</time>',
  );
});

test('a shell shows them by its own clock and names its zone', () => {
  const zone = 'Europe/Berlin';
  expect(byClock('has failed since 2026-07-01 22:30 UTC; next try 2026-12-01T18:31:05Z.', zone)).toBe(
    'has failed since 2026-07-02 00:30 GMT+2; next try 2026-12-01 19:31 GMT+1.',
  );
  expect(clock('2026-12-01T18:31:05Z', zone)).toBe('2026-12-01 19:31:05');
  expect(clockWithZone('2026-12-01T18:31:05Z', 'UTC')).toBe('2026-12-01 18:31 UTC');
});
