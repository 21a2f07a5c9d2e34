export { alerts } from './alerts';
export { contactBatch } from './contact-batch';
export { contactImport } from './contact-import';
export { contactReplay } from './contact-replay';
export { contactSync } from './contact-sync';
export { dispatchBatch } from './dispatch-batch';
export { dispatching } from './dispatching';
export { mappingPreview } from './mapping-preview';
export { onceRecord } from './once-record';
export { reconcile } from './reconcile';
export { resync } from './resync';
export { siteProgress } from './site-progress';
export { ticketDispatch } from './ticket-dispatch';
export { workOrderEvent } from './work-order-event';

// The SDK takes a trace of each promise and looks every frame up in the source map, a quarter of what a workflow costs with
// ten frames. Three say where an error comes from.
Error.stackTraceLimit = 3;
