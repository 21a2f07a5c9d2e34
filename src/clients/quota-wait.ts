/** A call was not sent, since the quota is used up for so long. Surely not done. */
export class QuotaWait extends Error {
  constructor(readonly waitMs: number) {
    super(`The quota is used up for ${Math.ceil(waitMs / 1000)} s`);
    this.name = 'QuotaWait';
  }
}
