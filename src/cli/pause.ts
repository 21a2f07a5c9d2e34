/** `pause` and `resume`. Promise: done means that it holds, for every process of the account. */
import { clockWithZone } from './clock';
import { withContext } from './context';
import { printJson } from './output';

export async function pauseDispatching(reason: string, json: boolean): Promise<void> {
  const pause = await withContext(({ dispatching }) => dispatching.pause({ reason }));
  if (json) printJson(pause);
  else console.log('Dispatching is paused. `deskbridge resume` ends it.');
}

export async function resumeDispatching(json: boolean): Promise<void> {
  const { before, now } = await withContext(async ({ dispatching }) => ({
    before: (await dispatching.state()).pause,
    now: await dispatching.resume(),
  }));
  if (json) return printJson(now);
  console.log(
    before.paused
      ? `Dispatching goes on. It was paused${before.since === null ? '' : ` since ${clockWithZone(before.since)}`}: ${before.reason}.`
      : 'Dispatching was not paused.',
  );
}
