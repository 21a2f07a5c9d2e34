/** The Temporal side of an import, from what every command has. */
import { createEventJudge } from '../../temporal/contact-intake';
import { createContactImports } from '../../temporal/contact-imports';
import type { ConnectImport } from './engine';

export const connectImport: ConnectImport = ({ client, runtime, contactKeys, deadlineMs }, config) => {
  const imports = createContactImports({ client, account: runtime.account, deadlineMs });
  const judge = createEventJudge({ keys: contactKeys, config: { current: () => config }, textConsent: true });
  return {
    // Without a time a yes in an old file would outlive every no that came since.
    judge: (item, saidAt) => judge(saidAt === undefined || hasTime(item) ? item : { ...item, timestamp: saidAt }),
    engine: {
      start: (importId, batch, rows) => imports.start(importId, batch, rows),
      progress: async (importId, batch) => {
        const view = await imports.progress(importId, batch);
        if (!view) return null;
        const { done, rows, attention } = view;
        return done ? { state: 'done', rows } : { state: 'running', done: rows.length, attention };
      },
    },
  };
};

const hasTime = ({ timestamp, originalTimestamp }: Record<string, unknown>): boolean =>
  [timestamp, originalTimestamp].some((time) => time !== undefined && time !== null && time !== '');
