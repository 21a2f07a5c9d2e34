/** Just enough HTML for a fake: the plain text of a description. */

/** Tags removed, line breaks kept, the common entities resolved. */
export function plainText(html: string): string {
  return html
    .replace(/<(br|\/p|\/div|\/li|\/tr)\s*\/?>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Freshdesk puts plain text into a `<div>` and cleans unsafe markup (Freshdesk contract, section 7). */
export function storedHtml(body: string): string {
  const clean = body
    .replace(/<(script|style|iframe)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/\son\w+\s*=\s*("[^"]*"|'[^']*')/gi, '');
  return /<[a-z]/i.test(clean) ? clean : `<div>${clean}</div>`;
}
