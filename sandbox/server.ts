import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';

import { SandboxClock } from './clock';
import { createControl } from './control';
import { controlRouter } from './control-routes';
import { DeliveryQueue } from './deliveries';
import { Faults } from './faults';
import { fieldNationDeliveryPolicy } from './field-nation/events';
import { fieldNationSurface } from './field-nation/surface';
import { FieldNationWorld } from './field-nation/world';
import { freshdeskDeliveryPolicy } from './freshdesk/delivery-policy';
import { seedFreshdesk } from './freshdesk/seed';
import { freshdeskSurface } from './freshdesk/surface';
import { FreshdeskWorld } from './freshdesk/world';
import { answerIdentity, IDENTITY_PATH, loopbackOnly, requireKey } from './guard';
import { RequestHistory } from './history';
import { defaultKnobs } from './knobs';
import type { Sandbox, SandboxOptions } from './options';
import { pageRouter } from './page/routes';
import { surfaceRouter } from './pipeline';
import { seededRandom } from './random';
import { Store } from './store';

/** Starts both fakes, the control and the page on one port. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const log = options.log ?? ((): void => undefined);
  const store = new Store(options.dataFile);
  const clock = new SandboxClock();
  const knobs = defaultKnobs();
  const random = seededRandom(20260202);
  const faults = new Faults();
  const history = new RequestHistory();
  const { deskbridgeUrl, timeScale = 1 } = options;
  const deliveries = new DeliveryQueue({ store, clock, random, timeScale, deskbridgeUrl, log });
  const freshdesk = new FreshdeskWorld({
    store,
    clock,
    knobs,
    deliveries,
    account: options.account,
    apiKey: options.freshdeskApiKey,
    webhookSecret: options.freshdeskWebhookSecret,
  });
  const fieldNation = new FieldNationWorld({
    store,
    clock,
    knobs,
    deliveries,
    random,
    credentials: options.fieldNation,
    webhookSecret: options.fieldNationWebhookSecret,
  });
  deliveries.setPolicy('freshdesk', freshdeskDeliveryPolicy(clock, knobs));
  deliveries.setPolicy('field-nation', fieldNationDeliveryPolicy(fieldNation));
  store.batch(() => seedFreshdesk(freshdesk));

  let url = '';
  const control = createControl({
    store,
    clock,
    knobs,
    faults,
    history,
    deliveries,
    freshdesk,
    fieldNation,
    freshdeskRoot: () => `${url}/freshdesk`,
  });
  const pipeline = { store, history, faults, clock, watch: options.watch };
  const app = express();
  app.disable('x-powered-by').set('etag', false);
  app.use(loopbackOnly);
  // The address that an order gives as its own: people open it, without a key.
  app.get('/field-nation/workorders/:id', (req, res) => res.redirect(`/work-orders/${Number(req.params.id)}`));
  app.use('/freshdesk', surfaceRouter(freshdeskSurface(freshdesk), pipeline));
  app.use('/field-nation', surfaceRouter(fieldNationSurface(fieldNation), pipeline));
  const { controlKey } = options;
  if (controlKey !== undefined) {
    app.get(IDENTITY_PATH, answerIdentity(controlKey));
    if (options.control ?? true) app.use('/sandbox/api', requireKey(controlKey), controlRouter(control));
  }
  app.use(
    pageRouter({
      control,
      deskbridgeUrl: () => deliveries.deskbridge(),
      eventsWriteKey: options.eventsWriteKey ?? null,
    }),
  );
  app.use(lastResort(log));

  const server = await listen(app, options.port, options.host ?? '127.0.0.1').catch((error: unknown) => {
    store.close();
    throw error;
  });
  url = addressOf(server, options.host ?? '127.0.0.1');
  fieldNation.root = `${url}/field-nation`;
  // Deliveries that a former process has left behind.
  deliveries.wake();
  return {
    url,
    freshdeskUrl: `${url}/freshdesk`,
    fieldNationUrl: `${url}/field-nation`,
    control,
    setDeskbridgeUrl: (address) => deliveries.setDeskbridgeUrl(address),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await deliveries.stop();
      await closed;
      store.close();
    },
  };
}

function listen(app: Express, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(app);
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** A fault of the sandbox itself, not one it plays. */
const lastResort =
  (log: NonNullable<SandboxOptions['log']>) =>
  (error: unknown, req: Request, res: Response, _next: NextFunction): void => {
    log('sandbox request failed', {
      method: req.method,
      path: req.path,
      error: error instanceof Error ? error.stack : error,
    });
    if (res.headersSent) res.destroy();
    else res.status(500).json({ message: 'The sandbox itself has failed.' });
  };
