/** HTML in and out of mapped values: see `src/domain/text`. */
export { escapeHtml, htmlToText, textToHtml } from '../text';
