/** What a process uses, as the kernel counts it; null where there is no /proc. */
import { readFileSync } from 'node:fs';

/** USER_HZ, which Linux shows to programs as 100 on every machine. */
const MS_PER_TICK = 10;

export interface Usage {
  /** User and system time since it began. */
  cpuMs: number;
  residentMb: number;
}

export function usageOf(pid: number): Usage | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name comes before and may hold anything, blanks and brackets too.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return resident === undefined ? null : { cpuMs: ticks * MS_PER_TICK, residentMb: Number(resident) / 1000 };
  } catch {
    return null;
  }
}
