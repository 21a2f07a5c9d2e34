/** The Temporal side of an import, from what every command has. */
import { createEventJudge } from '../../temporal/contact-intake';
import { createContactImports } from '../../temporal/contact-imports';
import type { ConnectImport } from './engine';

export const connectImport: ConnectImport = ({ client, runtime, contactKeys, deadlineMs }, config) => {
  const imports = createContactImports({ client, account: runtime.account, deadlineMs });
  return {
    judge: createEventJudge({ keys: contactKeys, config: { current: () => config }, textConsent: true }),
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
