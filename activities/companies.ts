/** Companies of tickets. Promise: each is read once and its name kept for ten minutes, so that most tickets pay no credit for it. */
import type { Ticket } from '../src/clients/freshdesk/schemas';
import type { FreshdeskClient } from '../src/clients/freshdesk/types';
import { KEEP_MS } from './kept';
import { mayNotRead } from './may-not-read';

/** More than one config names by far. */
const MOST = 5_000;

/** As Freshdesk embeds it in a ticket (contract 6.2). */
export type CompanyEmbed = NonNullable<Ticket['company']>;

export class Companies {
  private readonly kept = new Map<number, { name: string | null; until: number }>();
  private isRefused = false;

  constructor(
    private readonly freshdesk: Pick<FreshdeskClient, 'viewCompany'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Whether reading a ticket without its company is worth a try. */
  get mayBeKept(): boolean {
    return this.kept.size > 0 && !this.isRefused;
  }

  /** Asks Freshdesk when the company is not kept; null when the key may not see it. */
  async view(id: number, signal: AbortSignal): Promise<CompanyEmbed | null> {
    const known = this.kept.get(id);
    if (known && known.until > this.now()) return { id, name: known.name };
    try {
      const { name } = await this.freshdesk.viewCompany(id, signal);
      return this.keep({ id, name });
    } catch (error) {
      if (!mayNotRead(error)) throw error;
      this.isRefused = true;
      return null;
    }
  }

  keep(company: CompanyEmbed): CompanyEmbed {
    if (this.kept.size >= MOST) this.kept.clear();
    this.kept.set(company.id, { name: company.name, until: this.now() + KEEP_MS });
    return company;
  }

  forget(): void {
    this.kept.clear();
    this.isRefused = false;
  }
}
