/** An alert whose words are made only when it is news, and the phrases that alerts share. */
import type { Alert } from '../contract/alerts';

export interface Found {
  key: string;
  build(): Promise<Alert>;
}

export const found = (alert: Omit<Alert, 'ticket'>): Found => ({
  key: alert.key,
  build: () => Promise.resolve({ ...alert, ticket: null }),
});

/** To the minute, which is as exact as a person wants it. */
export const moment = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`;
