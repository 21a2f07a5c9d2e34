export { ticketDispatch } from './ticket-dispatch';
export { workOrderEvent } from './work-order-event';
