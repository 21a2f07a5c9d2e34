/** What the parts of one data dir tell each other, when they run as separate processes: where the web server listens. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LOOK_EVERY_MS = 500;

const webFile = (dataDir: string): string => join(dataDir, 'web.json');

/** Renamed into place: a reader never sees half of it. */
export function recordWeb(dataDir: string, url: string): void {
  const draft = `${webFile(dataDir)}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ url }));
  renameSync(draft, webFile(dataDir));
}

/** Where the web server of this data dir listens, or listened last; null when there never was one. */
export function recordedWeb(dataDir: string): string | null {
  try {
    return (JSON.parse(readFileSync(webFile(dataDir), 'utf8')) as { url: string }).url;
  } catch {
    return null;
  }
}

/** Calls `tell` with each new address of the web server; gives the function that ends it. */
export function followWeb(dataDir: string, tell: (url: string) => void): () => void {
  let known: string | null = null;
  const look = (): void => {
    const url = recordedWeb(dataDir);
    if (url === null || url === known) return;
    known = url;
    tell(url);
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
