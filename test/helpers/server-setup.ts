/** For every test file of the project "server": time for a real server, and no chatter of its SDK. */
import { DefaultLogger, Runtime } from '@temporalio/worker';

jest.setTimeout(60_000);
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
