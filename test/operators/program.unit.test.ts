/** What the command line says before it does anything. */
import { ticketId } from '../../src/cli/dispatch-commands';
import { run } from '../../src/cli/run';
import { version } from '../../package.json';

const said = async (...args: string[]): Promise<{ code: number; text: string }> => {
  let text = '';
  const write = (chunk: unknown): boolean => Boolean((text += String(chunk)));
  const spies = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write').mockImplementation(write));
  const code = await run(args);
  for (const spy of spies) spy.mockRestore();
  return { code, text };
};

it('names its version', async () => {
  expect(await said('--version')).toEqual({ code: 0, text: `${version}\n` });
});

it.each([
  [['shw'], '(deskbridge --help lists the commands)'],
  [['show', 'seven'], '(deskbridge show --help shows how it is used)'],
  [['contacts', 'lst'], '(deskbridge contacts --help lists the commands)'],
])('names the help that fits a mistake in %j', async (args, help) => {
  expect(await said(...args)).toEqual({ code: 2, text: expect.stringContaining(help) as string });
});

it.each([
  [['shw', '--json'], "unknown command 'shw'"],
  [['dispatch', '--json'], 'Give either a ticket number'],
])('says in JSON what is wrong with %j', async (args, error) => {
  const { code, text } = await said(...args);
  expect([code, JSON.parse(text)]).toEqual([2, { error: expect.stringContaining(error) as string, exitCode: 2 }]);
});

it('takes a ticket number as people write it', () => {
  expect([ticketId('17'), ticketId('#17')]).toEqual([17, 17]);
  expect(() => ticketId('##17')).toThrow('not a ticket number');
});
