/** A world with Deskbridge in it, for one piece of work. Promise: everything is removed afterwards, however it ends. */
import { openDesk, type Desk, type DeskOptions } from './desk';
import { openWorld, type World } from './world';

/** `stopped` rejects when nobody wants the result any more. */
export async function withDesk<T>(
  options: DeskOptions,
  stopped: Promise<never> | undefined,
  work: (world: World, desk: Desk) => Promise<T>,
): Promise<T> {
  const world = await openWorld();
  let desk: Desk | undefined;
  try {
    desk = await openDesk(world, options);
    const result = work(world, desk);
    return await (stopped ? Promise.race([result, stopped]) : result);
  } finally {
    world.sandbox.setDeskbridgeUrl(null);
    await desk?.remove();
    await world.stop();
  }
}
