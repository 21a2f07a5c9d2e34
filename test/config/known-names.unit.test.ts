import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { unknownSettings } from '../../src/config/known-names';

it('a name with a prefix of ours that no setting has is told, with what may have been meant', () => {
  const env = { FRESHDESK_API_KYE: 'x', FIELD_NATION_PASWORD: '', DESKBRIDGE_SOMETHING_ELSE: '1', PATH: '/bin' };
  expect(unknownSettings(env)).toEqual([
    { name: 'DESKBRIDGE_SOMETHING_ELSE', hint: '.env.example lists all settings.' },
    { name: 'FIELD_NATION_PASWORD', hint: 'Did you mean FIELD_NATION_PASSWORD?' },
    { name: 'FRESHDESK_API_KYE', hint: 'Did you mean FRESHDESK_API_KEY?' },
  ]);
});

it('all settings of .env.example are known, and so are the names that clusters make up for services', () => {
  const text = readFileSync(resolve(__dirname, '../../.env.example'), 'utf8');
  const names = [...text.matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name ?? '');
  const ofCluster = ['DESKBRIDGE_WEB_SERVICE_HOST', 'DESKBRIDGE_WEB_PORT_3000_TCP_ADDR', 'DESKBRIDGE_WEB_PORT'];
  const env = Object.fromEntries([...names, ...ofCluster].map((name) => [name, 'x']));
  expect(unknownSettings(env)).toEqual([]);
  expect(names.length).toBeGreaterThan(30);
});
