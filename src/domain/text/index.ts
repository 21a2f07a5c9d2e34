export { cleanHtml } from './clean-html';
export type { CleanOptions } from './clean-html';
export { htmlToText } from './html-to-text';
export { cutText, escapeHtml, oneLine, readable, textToHtml } from './plain';
