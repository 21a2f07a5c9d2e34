/** The stack of a test file. */
import { DEFAULT_TEST_CONFIG, startStack, type Stack, type StackOptions } from './stack';
import { ticketsOf, type TicketDesk } from './tickets';

/**
 * One stack for all tests of a file, handed over before the first one. After each test the config is as in the beginning,
 * and the sandbox has no fault and no knob turned.
 */
export function useStack(take: (stack: Stack, desk: TicketDesk) => unknown, options: StackOptions = {}): void {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack(options);
    await take(stack, ticketsOf(stack));
  });
  afterEach(() => {
    stack.setConfig(options.config ?? DEFAULT_TEST_CONFIG);
    stack.sandbox.control.clearFaults();
    stack.sandbox.control.resetKnobs();
  });
  afterAll(() => stack.stop());
}
