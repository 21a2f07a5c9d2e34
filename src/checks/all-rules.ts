/** The automation rules of a Freshdesk account, over all pages. */
import type { AutomationRule, FreshdeskClient, RuleType } from '../clients/freshdesk';

/** All rules of a kind, however Freshdesk tells that there are more: by its `Link` header or by the count. */
export async function allRules(client: FreshdeskClient, type: RuleType): Promise<AutomationRule[]> {
  const rules = new Map<number, AutomationRule>();
  for (let page = 1; ; page++) {
    const before = rules.size;
    const { items, hasMore, count } = await client.automationRules(type, page);
    for (const rule of items) rules.set(rule.id, rule);
    // A page that brings nothing new is the last one, whatever the count says.
    if (rules.size === before || !(hasMore || rules.size < (count ?? 0))) return [...rules.values()];
  }
}
