/** The subdomain of a Freshdesk account, out of what a person pastes. */

/** `acme` of `acme`, `acme.freshdesk.com` or any address of its pages, in lower case; null where it cannot be told. */
export function freshdeskDomainOf(pasted: string): string | null {
  const text = pasted.trim();
  const host = /^(?:https?:\/\/)?([a-z0-9][a-z0-9-]*)(?:\.freshdesk\.com(?::\d+)?(?:[/?#].*)?)?$/i.exec(text);
  return host?.[1]?.toLowerCase() ?? null;
}
