/**
 * Tells the engine that an attempt still runs, so that another process takes it up soon after this one was killed. Promise:
 * an attempt of a process that stood still for so long that the engine gave it up sends nothing any more, since the next
 * attempt may be under way.
 */
import type { Context } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

const BEAT_MS = 1_000;
/** A beat this late, as part of the time that the engine waits for one, may have been missed. */
const LATE = 0.8;

interface Pulse {
  beatAt: number;
  isLost: boolean;
}

const pulses = new WeakMap<Context, Pulse>();

/** Only attempts whose options have a heartbeat timeout: those that may be repeated. */
export const beating: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    async execute(input, next) {
      const timeout = context.info.heartbeatTimeoutMs;
      // The core writes an absent one as 0.
      if (!timeout) return next(input);
      pulses.set(context, { beatAt: performance.now(), isLost: false });
      const timer = setInterval(() => {
        if (!isLost(context)) context.heartbeat();
      }, BEAT_MS);
      try {
        return await next(input);
      } finally {
        clearInterval(timer);
      }
    },
  },
});

/** Thrown to nobody: the engine waits for another attempt. */
export class NotSent extends Error {
  constructor() {
    super('Not sent: this process stood still, and another attempt may be under way');
    this.name = 'NotSent';
  }
}

/** Whether the engine may have given the attempt up. Whoever asks has just been run, so asking is a beat as well. */
export function isLost(context: Context): boolean {
  const pulse = pulses.get(context);
  if (!pulse) return false;
  const now = performance.now();
  pulse.isLost ||= now - pulse.beatAt > (context.info.heartbeatTimeoutMs ?? Infinity) * LATE;
  pulse.beatAt = now;
  return pulse.isLost;
}
