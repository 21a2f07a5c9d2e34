/** `npm run histories`: plays the scenarios and saves their histories. To be run when a version is released, never to get a test green. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { version } from '../../package.json';
import { startStack } from '../helpers/stack';
import { SCENARIOS } from './scenarios';

const FOLDER = join(__dirname, 'histories', version);

/** Names of the machine that recorded it are nobody's business. */
const anonymous = (json: string): string => json.replace(/("identity":\s*)"[^"]*"/g, '$1"recorder"');

test.each(Object.entries(SCENARIOS))('records %s', async (name, play) => {
  const stack = await startStack({ policy: { mergeWait: 1_000 } });
  try {
    const [workflowId = ''] = await play(stack);
    const history = await stack.client.workflow.getHandle(workflowId).fetchHistory();
    mkdirSync(FOLDER, { recursive: true });
    const json: unknown = typeof historyToJSON(history) === 'string' ? JSON.parse(historyToJSON(history)) : history;
    writeFileSync(join(FOLDER, `${name}.json`), anonymous(JSON.stringify(json)));
  } finally {
    await stack.stop();
  }
});
