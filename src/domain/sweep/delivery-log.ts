/** Reading Field Nation's delivery logs, whose words for a status are documented nowhere (Field Nation contract 15.5). */

const SUCCESS = /^(2\d\d|delivered|success(ful)?|succeeded|ok|completed?|acknowledged)$/i;

/** True unless the log surely says that the delivery arrived: one more look at an order costs little. */
export const deliveryFailed = (status: string | null): boolean => status === null || !SUCCESS.test(status.trim());
