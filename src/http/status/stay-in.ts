/** A restart with other settings ends all sessions: their key is made of account and token. The browser that asks for it gets a new one. */
import type { Request, Response } from 'express';
import { resolveRuntime } from '../../runtime';
import type { Saved } from '../../setup/desk';
import type { OnceRecords } from '../../temporal/once-records';
import { operatorOf } from '../admin';
import { createPasses } from '../passes';
import { createSessions } from './session';

/** Sets the cookie of the next process, where its tokens know the operator's name. */
export const staysIn =
  (records: OnceRecords) =>
  async (request: Request, response: Response, { settings }: Pick<Saved, 'settings'>): Promise<void> => {
    const { name, via } = operatorOf(request);
    if (settings === null || via !== 'session') return;
    const { account, adminToken, secrets } = resolveRuntime(settings);
    const passes = createPasses(adminToken ?? secrets.adminToken, account);
    const httpsOnly = settings.web.publicUrl?.startsWith('https:') ?? false;
    // A token of another name signs nobody in; the sign-in form does.
    await createSessions({ passes, records, httpsOnly })
      .begin(request, response, name)
      .catch(() => undefined);
  };
