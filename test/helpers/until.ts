/** Waits for a condition with a deadline; no test sleeps for a fixed time. */
const POLL_MS = 20;

/** @throws Error that says what was waited for and, through `told`, what was there instead. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  told: () => string = () => '',
  withinMs = 120_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const asked = Date.now();
    if (await holds()) return;
    const now = Date.now();
    if (now > deadline) throw new Error(`Waited ${withinMs} ms in vain for ${what}. ${told()}`);
    // On a slow machine asking is itself the load: no more than half of the time goes into it.
    await new Promise((resolve) => setTimeout(resolve, Math.max(POLL_MS, now - asked)));
  }
}

/** Both systems tell times in whole seconds: two equal things within one look like one. */
export async function nextSecond(): Promise<void> {
  const began = Date.now();
  await until('the second to pass', () => Date.now() - began > 1000);
}
