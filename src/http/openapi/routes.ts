/** `/openapi.json` and `/docs`, made once: what they say does not change while the process runs. */
import type { Router } from 'express';
import { exactRouter } from '../../exact-router';
import { openApiDocument } from './document';
import { docsPage, PAGE_POLICY } from './page';

export function docsRoutes(): Router {
  const router = exactRouter();
  const document = JSON.stringify(openApiDocument());
  const page = docsPage();
  router.get('/openapi.json', (_request, response) => void response.type('application/json').send(document));
  router.get('/docs', (_request, response) => {
    response.setHeader('Content-Security-Policy', PAGE_POLICY);
    response.type('html').send(page);
  });
  return router;
}
