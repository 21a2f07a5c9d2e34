/**
 * The floor: nothing but the SDK, on the same engine, with the same requests in and the same calls out. What Deskbridge
 * takes beyond it is its own overhead.
 */
import { recordWeb } from '../../src/config/neighbours';
import { startEmbeddedEngine } from '../../engine';
import { beginSandbox, deskHolder, type DeskHolder } from '../desk';

export interface FloorOptions {
  dir: string;
  /** How long events of one contact are gathered, in seconds. */
  mergeWindow: number;
}

export const openFloor = ({ dir, mergeWindow }: FloorOptions): DeskHolder =>
  deskHolder(dir, async ({ dataDir, env, begin }) => {
    await beginSandbox(begin);
    const { address } = await startEmbeddedEngine({ dataDir, env, report: () => undefined });
    const program = (name: string, ...args: string[]): string[] => [
      'scripts/run-typescript.js',
      `bench/floor/${name}.ts`,
      address,
      ...args,
    ];
    const web = begin('web', program('web', String(mergeWindow)));
    const worker = begin('worker', program('worker', dataDir));
    const [, webUrl = ''] = await web.says(/^The floor listens: (http:\S+)$/m);
    await worker.says(/^The floor works$/m);
    // So that the sandbox finds it.
    recordWeb(dataDir, webUrl);
    return webUrl;
  });
