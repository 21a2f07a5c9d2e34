/** The watch in words, for the Temporal UI. */
import { markdownText } from '../../src/domain/markdown';
import type { Watch } from './state';

const SHOWN = 50;

export function alertDetails({ account, memory }: Watch): string {
  const { standing, more, webhooks, untold, checkedAt } = memory;
  const count = standing.length + more;
  const lines = [
    count === 0
      ? `**Nothing is wrong** with the service for ${account}`
      : `**${count} ${count === 1 ? 'alert stands' : 'alerts stand'}** for ${account}`,
    '',
    `* Looked at: ${checkedAt}`,
    `* Last webhook of Freshdesk: ${webhooks.freshdesk ?? 'none seen'}, of Field Nation: ${webhooks['field-nation'] ?? 'none seen'}`,
    '* To look at once: signal `check`',
    '* A product event that was dropped never reaches Temporal. The page Events and `deskbridge events tail` say why',
  ];
  if (untold.length > 0) lines.push(`* **${untold.length}** messages wait for the address \`alerts.url\` to take them`);
  if (standing.length > 0) lines.push('', '### What is wrong');
  for (const { title, remedy } of standing.slice(0, SHOWN))
    lines.push(`* ${markdownText(title)}. **What to do:** ${markdownText(remedy)}`);
  if (count > SHOWN) lines.push(`* … and ${count - SHOWN} more`);
  return lines.join('\n').slice(0, 20_000);
}
