/** A router whose paths are exactly those of the interface: what a proxy closes by path must not open in another spelling. */
import { Router } from 'express';

/** `/API/dispatches` and `/api/dispatches/` are other paths than `/api/dispatches`, and there is nothing. */
export const exactRouter = (): Router => Router({ caseSensitive: true, strict: true });
