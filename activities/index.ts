/** All activities, made from injected clients; workflows see {@link Activities} as a type only. */
import type { FieldNationClient } from '../src/clients/field-nation';
import type { FreshdeskClient } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import type { DispatchCalls } from '../src/contract/calls';
import type { ConversationCalls } from '../src/contract/conversation-calls';
import type { MoneyGate } from '../src/contract/dispatching';
import { createAlertActivities, type AlertActivitiesDeps } from './alerts';
import type { ContactReplayActivities } from './contact-replay';
import { createContactActivities, type ConsentBook } from './contacts';
import { createDispatchBatchActivities, type BatchEngine } from './dispatch-batch';
import { createDirectory } from './directory';
import { createDispatchingActivities, type DispatchingEngine } from './dispatching';
import { createEffectActivities } from './effects';
import { createEngineActivities, type EngineActivitiesDeps } from './engine';
import { createFieldNationActivities } from './field-nation';
import { createFetchTicketActivities } from './fetch-ticket';
import { FileLinks } from './file-links';
import { createFindMatchingActivities } from './find-matching';
import { createFileActivities } from './files';
import { createFreshdeskActivities } from './freshdesk';
import { lookingFirst, type RunPast } from './looking-first';
import { createOrderUpdateActivities } from './order-update';
import { createConversationActivities } from './conversation';
import { createReconcileActivities } from './reconcile';
import { createSweepEngineActivities, type SweepEngine } from './sweep-engine';
import { createPreviewActivities } from './preview';
import { createSiteActivities, type SitesTeller } from './sites';
import { createTicketNotesActivities } from './ticket-notes';
import { createUpstream, type HoldBacks } from './upstream';

export interface ActivitiesDeps extends EngineActivitiesDeps {
  freshdesk: FreshdeskClient;
  fieldNation: FieldNationClient;
  /** Read at every use, so that a reloaded file reaches open dispatches. */
  config: { current(): Config };
  /** Asked before money is spent. */
  gate: MoneyGate;
  /** Whether the run of the present activity can be trusted to know what it did. */
  run: RunPast;
  sweeps: SweepEngine;
  dispatching: DispatchingEngine;
  batches: BatchEngine;
  sites: SitesTeller;
  consents: ConsentBook;
  replays: ContactReplayActivities;
  alerts: Pick<AlertActivitiesDeps, 'watch' | 'hook' | 'mail' | 'pages' | 'metrics'>;
  /** A 429 stops the calls of the whole process. */
  holdBacks: HoldBacks;
}

export function createActivities(deps: ActivitiesDeps) {
  const { freshdesk, fieldNation, config, gate, run, dispatches, contacts, consents, replays, sweeps } = deps;
  const { dispatching, batches, sites, alerts, holdBacks } = deps;
  const upstream = createUpstream(holdBacks);
  const directory = createDirectory({ freshdesk, fieldNation, upstream });
  const links = new FileLinks();
  return {
    ...createFetchTicketActivities({ freshdesk, directory, links, config, gate, run, upstream }),
    ...createFindMatchingActivities({ freshdesk, directory, upstream }),
    ...createTicketNotesActivities({ freshdesk, config, upstream }),
    ...lookingFirst(createFreshdeskActivities({ freshdesk, fieldNation, directory, config, upstream }), run),
    ...createFieldNationActivities({ fieldNation, directory, config, gate, isFresh: run.isFresh, upstream }),
    ...createOrderUpdateActivities({ fieldNation, gate, upstream }),
    ...createEffectActivities({ freshdesk, fieldNation, directory, config, upstream }),
    ...lookingFirst(createConversationActivities({ freshdesk, fieldNation, directory, links, config, upstream }), run),
    ...lookingFirst(createFileActivities({ freshdesk, fieldNation, links, config, upstream }), run),
    ...createPreviewActivities({ freshdesk, directory, config, upstream }),
    ...createContactActivities({ freshdesk, config, consents, upstream }),
    ...createEngineActivities({ dispatches, contacts }),
    ...replays,
    ...createReconcileActivities({ freshdesk, fieldNation, directory, config, upstream }),
    ...createSweepEngineActivities(sweeps),
    ...createDispatchingActivities(dispatching),
    ...createSiteActivities({ freshdesk, directory, config, sites, upstream }),
    ...createDispatchBatchActivities({ freshdesk, directory, config, batches, upstream }),
    ...createAlertActivities({ freshdesk, config, upstream, ...alerts }),
  };
}

export type Activities = ReturnType<typeof createActivities>;

/** The pure rules name these calls; a missing one does not compile. */
export type ProvidesCalls = Activities extends DispatchCalls & ConversationCalls ? true : never;
