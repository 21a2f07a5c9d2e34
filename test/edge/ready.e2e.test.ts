import { createClient } from '../../src/temporal/connection';
import { temporalAnswers } from '../../src/temporal/ready';

it.each([
  [`test-${process.env.JEST_WORKER_ID ?? '1'}`, true],
  ['nobody-made-this-one', false],
])('is ready with namespace %s: %s', async (namespace, ready) => {
  const options = { address: process.env.TEST_TEMPORAL_ADDRESS ?? '' };
  const client = createClient({ options, namespace, uiUrl: null }, {});
  try {
    expect(await temporalAnswers(client, 10_000)).toBe(ready);
  } finally {
    await client.connection.close();
  }
});
