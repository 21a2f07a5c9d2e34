import { freshdesk, start } from './helpers';

it('shows contacts, with everything that was written into them as text', async () => {
  const sandbox = await start();
  try {
    const made = await freshdesk(sandbox, 'POST', '/contacts', {
      name: '<b>Ann</b>',
      email: 'ann@example.com',
      tags: ['vip'],
      custom_fields: { plan: 'pro' },
    });
    const { id } = made.json as { id: number };
    const list = await (await fetch(`${sandbox.url}/contacts`)).text();
    expect(list).toContain('&lt;b&gt;Ann&lt;/b&gt;');
    const page = await (await fetch(`${sandbox.url}/contacts/${id}`)).text();
    for (const text of ['ann@example.com', 'vip', 'pro']) expect(page).toContain(text);
    expect(await (await fetch(`${sandbox.url}/contacts/1`)).text()).toContain('no such contact');
  } finally {
    await sandbox.stop();
  }
});
