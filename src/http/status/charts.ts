/** Charts as drawings made here: no script, no foreign code; each says in words and as a table what it shows. */
import { html, type Markup } from '../../page/markup';
import type { Trends } from '../../temporal/overview';
import { hourOf, plural, span } from './words';

const WIDTH = 480;
const HEIGHT = 130;

const LOW = { height: 24, step: 8 };

/** One bar for each count, for a row of a table that says the same in numbers. `most`: what the full height stands for. */
export function rowBars(counts: readonly number[], most: number, tone = ''): Markup {
  const bars = counts.map((count, index) => {
    const height = (count / most) * LOW.height;
    return height === 0
      ? ''
      : html`<rect
          x="${index * LOW.step + 1}"
          y="${LOW.height - height}"
          width="${LOW.step - 2}"
          height="${height}"
        />`;
  });
  const box = `0 0 ${counts.length * LOW.step} ${LOW.height}`;
  return html`<svg
    class="bars low ${tone}"
    viewBox="${box}"
    preserveAspectRatio="none"
    aria-hidden="true"
    focusable="false"
  >
    ${bars}
  </svg>`;
}

export function hoursChart({ hours }: Trends): Markup {
  const all = hours.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(1, ...hours.map(({ count }) => count));
  const step = WIDTH / hours.length;
  const bars = hours.map(({ from, count }, index) => {
    const height = (count / most) * (HEIGHT - 6);
    const x = index * step;
    return html`<g>
      <title>${`${from.slice(11, 16)} UTC: ${count}`}</title>
      <rect class="hit" x="${x}" y="0" width="${step}" height="${HEIGHT}" />
      <rect x="${x + 2}" y="${HEIGHT - height}" width="${step - 4}" height="${height}" rx="2" />
    </g>`;
  });
  const label = `Dispatches per hour in the last ${hours.length} hours: ${all} in all, at most ${all === 0 ? 0 : most} in an hour`;
  return html`<figure>
    <h2>Dispatches per hour</h2>
    <p class="total">${all} in the last ${hours.length} hours${all === 0 ? '' : `, at most ${most} in an hour`}</p>
    <svg class="bars" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">
      ${bars}
    </svg>
    <div class="axis" aria-hidden="true">
      ${[0, 6, 12, 18].map((index) => html`<span>${hourOf(hours[index]?.from ?? '')}</span>`)}<span>now</span>
    </div>
    <details class="more" id="hours-table">
      <summary>As a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Hour from</th>
            <th scope="col" class="num">Dispatches</th>
          </tr>
        </thead>
        <tbody>
          ${hours.map(
            ({ from, count }) =>
              html`<tr>
                <td>${hourOf(from)}</td>
                <td class="num">${count}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>
  </figure>`;
}

/** Upper bounds in ms; what is longer falls into the last class. */
const CLASSES: [label: string, below: number][] = [
  ['under 5 s', 5_000],
  ['5 to 15 s', 15_000],
  ['15 to 60 s', 60_000],
  ['1 to 5 min', 300_000],
  ['5 to 30 min', 1_800_000],
  ['longer', Infinity],
];

export function durationsChart({ untilOrder, withoutOrder }: Trends): Markup {
  const sorted = [...untilOrder].sort((a, b) => a - b);
  const counts = CLASSES.map(([, below], index) => {
    const from = CLASSES[index - 1]?.[1] ?? 0;
    return sorted.filter((ms) => ms >= from && ms < below).length;
  });
  const most = Math.max(1, ...counts);
  const rows = CLASSES.map(
    ([label], index) =>
      html`<tr>
        <td class="tight">${label}</td>
        <td>
          <svg class="bar" aria-hidden="true" focusable="false">
            <rect class="track" width="100%" height="100%" rx="4" />
            <rect width="${((counts[index] ?? 0) / most) * 100}%" height="100%" rx="4" />
          </svg>
        </td>
        <td class="num">${counts[index]}</td>
      </tr>`,
  );
  return html`<figure>
    <h2>From trigger to work order</h2>
    <p class="total">
      ${sorted.length === 0 ? 'No work order in the last 24 hours' : `Half within ${span(quantile(sorted, 0.5))}, 95 of 100 within ${span(quantile(sorted, 0.95))}`}${withoutOrder === 0 ? '' : `; ${plural(withoutOrder, 'dispatch', 'dispatches')} still without one`}
    </p>
    <table class="slim">
      <caption class="unseen">
        How many dispatches of the last 24 hours needed how long from trigger to work order
      </caption>
      <thead class="unseen">
        <tr>
          <th scope="col">Time needed</th>
          <th scope="col">Share</th>
          <th scope="col">Dispatches</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </figure>`;
}

const quantile = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
