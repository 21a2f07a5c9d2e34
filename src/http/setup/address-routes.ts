/** Step 3: the public address, tried with a webhook that carries no secret. */
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Request, Response, Router } from 'express';
import { FRESHDESK_ROUTE } from '../../checks/freshdesk-rules';
import { reachFreshdeskRoute } from '../../checks/reach';
import { exactRouter } from '../../exact-router';
import { addressView, type AddressContent, type RunAs } from './address-view';
import { pathAfter } from './steps';
import { formOf, type StepTools } from './tools';

const LEAD = 'How the two systems reach Deskbridge, and the lines that make it so.';
const REFRESH_S = 4;

export function addressRoutes({ deps: { desk, heard, port }, page, post, show }: StepTools): Router {
  const router = exactRouter();
  const locked = desk.isOutside('DESKBRIDGE_URL') ? 'DESKBRIDGE_URL' : null;
  const around = () => ({
    ...{ locked, run: runAs(port) },
    heard: { freshdesk: heard.last('freshdesk'), fieldNation: heard.last('field-nation') },
  });

  router.get('/setup/address', page, async (request: Request, response: Response) => {
    const url = (await desk.saved()).env.DESKBRIDGE_URL?.trim() ?? '';
    const content: AddressContent = { ...around(), url, problem: null, tested: null };
    await show(request, response, {
      ...{ step: 'address', lead: LEAD, body: addressView(content) },
      refresh: REFRESH_S,
    });
  });

  router.post('/setup/address', post, async (request: Request, response: Response) => {
    const now = await desk.saved();
    const typed = (locked ? now.env.DESKBRIDGE_URL?.trim() : formOf(request)('url').slice(0, 500)) ?? '';
    const root = rootOf(typed);
    if (root === null) {
      const problem = 'Enter an address that begins with https://, such as https://desk.example.com.';
      const body = addressView({ ...around(), url: typed, problem, tested: null });
      return show(request, response, { step: 'address', lead: LEAD, body, status: 400 });
    }
    const { answer, came } = await heard.test((id) => reachFreshdeskRoute(root + FRESHDESK_ROUTE, id));
    const reached = came ? ('here' as const) : answer;
    const proposal = await desk.propose({ env: { DESKBRIDGE_URL: root }, next: pathAfter('address') });
    const tested = { reached, proposal, readOnly: now.readOnly !== null };
    const body = addressView({ ...around(), url: root, problem: null, tested });
    await show(request, response, { step: 'address', lead: LEAD, body });
  });

  return router;
}

/** Without what follows the host; null for what the two systems could not call. */
function rootOf(typed: string): string | null {
  const text = /^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`;
  if (typed === '' || !URL.canParse(text)) return null;
  const { protocol, username, password, hostname, origin } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && hostname.includes('.') ? origin : null;
}

function runAs(port: number): RunAs {
  return { port, folder: process.cwd(), user: userInfo().username, npm: join(dirname(process.execPath), 'npm') };
}
