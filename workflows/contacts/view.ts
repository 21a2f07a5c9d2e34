/** A contact's run in words, for the Temporal UI. Holds no personal data. */
import type { ContactView } from '../../src/contract/contact';
import { attentionLines, markdownText } from '../../src/domain/markdown';

export function contactDetails(view: ContactView): string {
  const lines = [`**${view.state}** – product events of one contact`];
  if (view.contactId !== null) lines.push('', `* Contact [${view.contactId}](${view.links.contact})`);
  if (view.attention) {
    lines.push('', ...attentionLines(view.attention));
  }
  if (view.events.length > 0) lines.push('', '### Events');
  for (const { at, event, outcome, detail, notes } of view.events.slice(-8)) {
    lines.push(
      `* ${at} ${markdownText(event)}: **${outcome}**${[detail, ...notes].map((text) => (text ? ` – ${markdownText(text)}` : '')).join('')}`,
    );
  }
  return lines.join('\n').slice(0, 20_000);
}
