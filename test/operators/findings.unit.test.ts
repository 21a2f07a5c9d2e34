/** What the doctor says of a call that failed. */
import { readFileSync } from 'node:fs';
import { checkExampleValues } from '../../src/checks/example-values';
import { parseConfig } from '../../src/config/load';
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

describe('values of the example', () => {
  const said = (text: string): string[] =>
    checkExampleValues(parseConfig(text, 'deskbridge.yaml')).map(
      ({ level, detail, remedy }) => `${level}: ${detail}. ${remedy}`,
    );

  it('are named while they spend money', () => {
    expect(said('')).toEqual([
      'yellow: are still in use: every work order has type of work 62; a ticket without a pay amount is published at 150 USD. ' +
        'Set workOrder.types_of_work and workOrder.pay.base.amount in the config file.',
    ]);
    const own = readFileSync('config/deskbridge.yaml', 'utf8').replace('id: 62', 'id: 63');
    expect(said(own)).toEqual([expect.stringContaining('Set workOrder.pay.base.amount in')]);
  });

  it('are none once both are the account’s own, or work orders stay drafts', () => {
    const own = readFileSync('config/deskbridge.yaml', 'utf8')
      .replace('id: 62', 'id: 63')
      .replace('default: 150', 'default: 90');
    expect(said(own)).toEqual([]);
    expect(said('dispatch: { afterCreate: draft }')).toEqual([]);
  });
});
