/** The tables of the pages. */
import { html, type Markup } from '../../page/markup';

export interface ListView {
  /** What a narrow screen makes of a row: a card, or lines below each other. */
  look: 'cards' | 'rows';
  /** For screen readers; null where a heading says the same. */
  caption: string | null;
  heads: readonly string[];
  /** `tr` elements. */
  rows: readonly Markup[];
}

/** The roles are spelled out: the looks of a narrow screen would take them away. */
export const listView = ({ look, caption, heads, rows }: ListView): Markup =>
  html`<table class="${look}" role="table">
    ${
      caption === null
        ? ''
        : html`<caption class="unseen">
            ${caption}
          </caption>`
    }
    <thead role="rowgroup">
      <tr role="row">
        ${heads.map((head) => html`<th role="columnheader" scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows}
    </tbody>
  </table>`;
