/** Which addresses the processes of a tree listen on, as Linux shows them. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Listener {
  pid: number;
  host: string;
  port: number;
}

const LISTEN = '0A';

const readOr = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** The process and all that it began, directly or not. */
export function processTree(root: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => [Number(pid), Number(/^PPid:\s+(\d+)$/m.exec(readOr(`/proc/${pid}/status`))?.[1] ?? 0)] as const);
  const childrenOf = (pid: number): number[] => parents.filter(([, parent]) => parent === pid).map(([child]) => child);
  const tree = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(tree)];
  return tree(root);
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((name) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`))?.[1] ?? [];
    } catch {
      return [];
    }
  });
}

export function listenersOf(pids: readonly number[]): Listener[] {
  const byInode = new Map(pids.flatMap((pid) => socketsOf(pid).map((inode) => [inode, pid] as const)));
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) =>
    readOr(path)
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const columns = line.trim().split(/\s+/);
        const [address = '', port = ''] = (columns[1] ?? '').split(':');
        const pid = byInode.get(columns[9] ?? '');
        if (columns[3] !== LISTEN || pid === undefined) return [];
        return [{ pid, host: path.endsWith('6') ? '::1' : ipv4(address), port: parseInt(port, 16) }];
      }),
  );
}

/** The kernel writes the bytes of an address from the last to the first. */
function ipv4(hex: string): string {
  const address = (hex.match(/../g) ?? []).map((byte) => parseInt(byte, 16)).reverse();
  return address.join('.') === '0.0.0.0' ? '127.0.0.1' : address.join('.');
}
