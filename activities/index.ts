/** All activities, made from injected clients; workflows see {@link Activities} as a type only. */
import type { FieldNationClient } from '../src/clients/field-nation';
import type { FreshdeskClient } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import { createAlertActivities, type AlertActivitiesDeps } from './alerts';
import type { ContactReplayActivities } from './contact-replay';
import { createContactActivities, type ConsentBook } from './contacts';
import { createDirectory } from './directory';
import { createEffectActivities } from './effects';
import { createEngineActivities, type EngineActivitiesDeps } from './engine';
import { createFieldNationActivities } from './field-nation';
import { FileLinks } from './file-links';
import { createFileActivities } from './files';
import { createFreshdeskActivities } from './freshdesk';
import { createOrderUpdateActivities } from './order-update';
import { createTalkActivities } from './talk';
import { createReconcileActivities } from './reconcile';
import { createSweepEngineActivities, type SweepEngine } from './sweep-engine';
import { createPreviewActivities } from './preview';
import { createUpstream, type HoldBacks } from './upstream';

export interface ActivitiesDeps extends EngineActivitiesDeps {
  freshdesk: FreshdeskClient;
  fieldNation: FieldNationClient;
  /** Read at every use, so that a reloaded file reaches open dispatches. */
  config: { current(): Config };
  sweeps: SweepEngine;
  consents: ConsentBook;
  replays: ContactReplayActivities;
  alerts: Pick<AlertActivitiesDeps, 'watch' | 'hook' | 'metrics'>;
  /** A 429 stops the calls of the whole process. */
  holdBacks: HoldBacks;
}

export function createActivities(deps: ActivitiesDeps) {
  const { freshdesk, fieldNation, config, dispatches, contacts, consents, replays, sweeps, alerts, holdBacks } = deps;
  const upstream = createUpstream(holdBacks);
  const directory = createDirectory({ freshdesk, fieldNation, upstream });
  const links = new FileLinks();
  return {
    ...createFreshdeskActivities({ freshdesk, directory, links, config, upstream }),
    ...createFieldNationActivities({ fieldNation, config, upstream }),
    ...createOrderUpdateActivities({ fieldNation, upstream }),
    ...createEffectActivities({ freshdesk, directory, config, upstream }),
    ...createTalkActivities({ freshdesk, fieldNation, directory, links, config, upstream }),
    ...createFileActivities({ freshdesk, fieldNation, links, config, upstream }),
    ...createPreviewActivities({ freshdesk, directory, config, upstream }),
    ...createContactActivities({ freshdesk, config, consents, upstream }),
    ...createEngineActivities({ dispatches, contacts }),
    ...replays,
    ...createReconcileActivities({ freshdesk, fieldNation, directory, config, upstream }),
    ...createSweepEngineActivities(sweeps),
    ...createAlertActivities({ freshdesk, config, upstream, ...alerts }),
  };
}

export type Activities = ReturnType<typeof createActivities>;
