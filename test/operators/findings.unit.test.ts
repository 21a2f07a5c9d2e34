/** What the doctor says of a call that failed. */
import { UpstreamError } from '../../src/clients/upstream-error';
import { failedCall } from '../../src/checks/finding';

const unanswered = (): UpstreamError =>
  new UpstreamError({
    ...{ system: 'freshdesk', phase: 'not-sent', status: null, code: 'ECONNREFUSED', message: 'nothing listens' },
    ...{ retryAfterMs: null, requestId: null, call: 'GET /agents/me' },
  });

it('names the service, not a setting, where the sandbox that runs with it does not answer', () => {
  const baseUrl = 'http://127.0.0.1:3001';
  expect(failedCall('Freshdesk', unanswered(), { baseUrl, sandbox: true })).toMatchObject({
    ...{ what: 'sandbox', detail: `does not answer at ${baseUrl}` },
    remedy: 'Start the service, which runs it: npm start.',
  });
  expect(failedCall('Freshdesk', unanswered(), { baseUrl })).toMatchObject({ what: 'FRESHDESK_DOMAIN' });
});
