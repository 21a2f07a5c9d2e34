import { z } from 'zod';

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const LONGEST = 400 * MILLISECONDS.d;

/** A length of time as people write it (`90s`, `10m`, `1h`, `2d`, `0s`); milliseconds once checked. */
export const duration = z
  .string()
  .regex(/^[0-9]{1,9}(ms|s|m|h|d)$/, 'is not a length of time such as 90s, 10m, 1h or 2d')
  .transform((text, context) => {
    const unit = /[a-z]+$/.exec(text)?.[0] as keyof typeof MILLISECONDS;
    const length = Number.parseInt(text, 10) * MILLISECONDS[unit];
    if (length <= LONGEST) return length;
    context.addIssue({ code: 'custom', message: 'is longer than 400d', input: text });
    return z.NEVER;
  });
