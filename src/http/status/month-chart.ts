/** How the visits of 30 days went, as a picture: bars by day, with sums and a table that say the same. */
import { GRACE_MS } from '../../domain/lateness';
import { html, type Markup } from '../../page/markup';
import { MOST_VISITS, type Month, type MonthDay } from '../../temporal/month';
import { rowBars } from './charts';
import { percent, plural } from './words';

type Counted = Exclude<keyof MonthDay, 'from' | 'open'>;

/** What shares a scale, so that bars of it can be compared. */
const ROWS: { key: Counted; label: string; tone: string; scale: Counted[] }[] = [
  { key: 'onTime', label: 'On time', tone: 'good', scale: ['onTime', 'late'] },
  { key: 'late', label: 'Late or missed', tone: 'bad', scale: ['onTime', 'late'] },
  { key: 'backOuts', label: 'Back-outs', tone: '', scale: ['backOuts', 'problems'] },
  { key: 'problems', label: 'Problems', tone: '', scale: ['backOuts', 'problems'] },
];

export function monthChart({ days, more }: Month): Markup {
  const sum = (key: keyof Omit<MonthDay, 'from'>): number => days.reduce((all, day) => all + day[key], 0);
  const [onTime, open, judged] = [sum('onTime'), sum('open'), sum('onTime') + sum('late')];
  return html`<figure>
    <h2>Visits of the last ${days.length} days</h2>
    <p class="total">
      ${
        judged === 0
          ? 'No visit has begun that could be judged'
          : `On time: ${percent(onTime, judged)}, ${onTime} of ${judged}`
      }${open === 0 ? '' : `; ${plural(open, 'other')} not judged`}
    </p>
    <table class="slim">
      <caption class="unseen">
        How many visits of the last ${days.length} days were on time or late, how many assignments were called off and
        how many problems were reported; one bar a day
      </caption>
      <thead class="unseen">
        <tr>
          <th scope="col">What</th>
          <th scope="col">By day</th>
          <th scope="col">Number</th>
        </tr>
      </thead>
      <tbody>
        ${ROWS.map(
          ({ key, label, tone, scale }) =>
            html`<tr>
              <td class="tight">${label}</td>
              <td>${barsOf(days, key, scale, tone)}</td>
              <td class="num">${sum(key)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="soft small gap">
      Counted: the newest visit of each ticket, by the day in UTC on which it was to start. On time: the technician
      checked in at most ${GRACE_MS / 60_000} minutes after the start, or after the end of the arrival window. Missed:
      nobody came. Back-outs: assignments that were called off, by whomever. Not judged: cancelled visits, visits that
      are not over, and work without a check-in.
      ${more ? `Only the ${MOST_VISITS} tickets that were dispatched last are counted.` : ''}
    </p>
    ${byDay(days)}
  </figure>`;
}

function barsOf(days: MonthDay[], key: Counted, scale: Counted[], tone: string): Markup {
  const most = Math.max(1, ...days.flatMap((day) => scale.map((one) => day[one])));
  return rowBars(
    days.map((day) => day[key]),
    most,
    tone,
  );
}

/** Days without any visit are left out. */
function byDay(days: MonthDay[]): Markup | string {
  const shown = days.filter(({ from: _, ...counts }) => Object.values(counts).some((count) => count > 0));
  if (shown.length === 0) return '';
  return html`<details class="more" id="month-table">
    <summary>As a table</summary>
    <table>
      <thead>
        <tr>
          <th scope="col">Day</th>
          ${ROWS.map(({ label }) => html`<th scope="col" class="num">${label}</th>`)}
          <th scope="col" class="num">Not judged</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (day) =>
            html`<tr>
              <td>${day.from.slice(0, 10)}</td>
              ${ROWS.map(({ key }) => html`<td class="num">${day[key]}</td>`)}
              <td class="num">${day.open}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}
