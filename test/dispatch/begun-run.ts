/** A dispatch in a world without wires, as most of its tests begin it. */
import { askForLook } from '../../src/domain/dispatch/look-request';
import { Run, World } from '../simulation/core-world';

export interface Begun {
  world: World;
  run: Run;
}

/** Its first look is asked for. `patch` makes the world as it is found. */
export function begin(patch: (world: World) => void = () => undefined): Begun {
  const world = new World();
  patch(world);
  const run = new Run(world);
  askForLook(run.dispatch, null);
  return { world, run };
}

/** It has come to rest. */
export function settled(patch?: (world: World) => void): Begun {
  const begun = begin(patch);
  begun.run.settle();
  return begun;
}
