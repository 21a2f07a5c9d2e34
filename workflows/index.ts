export { alerts } from './alerts';
export { contactBatch } from './contact-batch';
export { contactImport } from './contact-import';
export { contactSync } from './contact-sync';
export { mappingPreview } from './mapping-preview';
export { reconcile } from './reconcile';
export { ticketDispatch } from './ticket-dispatch';
export { workOrderEvent } from './work-order-event';
