/**
 * Addresses of files that an answer has just brought. Promise: they stay in this process and are forgotten before their
 * signature ends, so that none is ever stored. Source: Freshdesk contract 8, Field Nation contract 11.
 */

/** Freshdesk signs for five minutes. */
const KEEP_MS = 4 * 60 * 1000;
const MOST = 2000;

export class FileLinks {
  private readonly links = new Map<number, { link: string; at: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  remember(id: number, link: string | null): void {
    this.links.delete(id);
    if (link !== null) this.links.set(id, { link, at: this.now() });
    for (const oldest of this.links.keys()) {
      if (this.links.size <= MOST) break;
      this.links.delete(oldest);
    }
  }

  /** The address while it may still be good; null when the file has to be asked for again. */
  get(id: number): string | null {
    const known = this.links.get(id);
    return known && this.now() - known.at < KEEP_MS ? known.link : null;
  }

  forget(id: number): void {
    this.links.delete(id);
  }
}
