/** All activities, made from injected clients; workflows see {@link Activities} as a type only. */
import type { FieldNationClient } from '../src/clients/field-nation';
import type { FreshdeskClient } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import { createContactActivities } from './contacts';
import { createDirectory } from './directory';
import { createEffectActivities } from './effects';
import { createEngineActivities, type EngineActivitiesDeps } from './engine';
import { createFieldNationActivities } from './field-nation';
import { createFreshdeskActivities } from './freshdesk';
import { createPreviewActivities } from './preview';
import { createUpstream, type HoldBacks } from './upstream';

export interface ActivitiesDeps extends EngineActivitiesDeps {
  freshdesk: FreshdeskClient;
  fieldNation: FieldNationClient;
  /** Read at every use, so that a reloaded file reaches open dispatches. */
  config: { current(): Config };
  /** A 429 stops the calls of the whole process. */
  holdBacks: HoldBacks;
}

export function createActivities({ freshdesk, fieldNation, config, dispatches, contacts, holdBacks }: ActivitiesDeps) {
  const upstream = createUpstream(holdBacks);
  const directory = createDirectory({ freshdesk, fieldNation, upstream });
  return {
    ...createFreshdeskActivities({ freshdesk, directory, config, upstream }),
    ...createFieldNationActivities({ fieldNation, upstream }),
    ...createEffectActivities({ freshdesk, directory, config, upstream }),
    ...createPreviewActivities({ freshdesk, directory, config, upstream }),
    ...createContactActivities({ freshdesk, upstream }),
    ...createEngineActivities({ dispatches, contacts }),
  };
}

export type Activities = ReturnType<typeof createActivities>;
