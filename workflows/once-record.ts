/** A record that something happened: its id says what, and Temporal starts no second run of it. */
import { setCurrentDetails } from '@temporalio/workflow';

export const onceRecord = (): Promise<void> => {
  setCurrentDetails('**recorded** – a sign-in link or a session that cannot be used again');
  return Promise.resolve();
};
