/** All activities, made from injected clients; workflows see {@link Activities} as a type only. */
import type { FieldNationClient } from '../src/clients/field-nation';
import type { FreshdeskClient } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import { createDirectory } from './directory';
import { createEffectActivities } from './effects';
import { createEngineActivities, type DispatchFinder } from './engine';
import { createFieldNationActivities } from './field-nation';
import { createFreshdeskActivities } from './freshdesk';
import { createUpstream, HoldBack } from './upstream';

export interface ActivitiesDeps {
  freshdesk: FreshdeskClient;
  fieldNation: FieldNationClient;
  /** Read at every use, so that a reloaded file reaches open dispatches. */
  config: { current(): Config };
  dispatches: DispatchFinder;
}

export function createActivities({ freshdesk, fieldNation, config, dispatches }: ActivitiesDeps) {
  const upstream = createUpstream(new HoldBack());
  const directory = createDirectory({ freshdesk, fieldNation, upstream });
  return {
    ...createFreshdeskActivities({ freshdesk, directory, config, upstream }),
    ...createFieldNationActivities({ fieldNation, upstream }),
    ...createEffectActivities({ freshdesk, config, upstream }),
    ...createEngineActivities({ dispatches }),
  };
}

export type Activities = ReturnType<typeof createActivities>;
