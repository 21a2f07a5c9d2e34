/** A step that fails for so long is shown to people. */
const PATIENCE_SECONDS = 90;

/**
 * The config that Deskbridge runs with: more statuses than the shipped one reach the ticket, so that more can go wrong. The
 * limits of money are off: nobody is there to say yes, and a run sends hundreds to the field within an hour.
 */
export const CONFIG = `
dispatch:
  approval: { payAbove: null, ordersPerHour: null }
  createPatience: 40s
  patience: ${PATIENCE_SECONDS}s
status:
  assigned:
    ticketStatus: Pending
    addTags: [scheduled]
    fields: { cf_technician: '{{provider.name}}' }
  assignment-cancelled:
    ticketStatus: Waiting on Customer
    removeTags: [scheduled]
    note: '<p>{{provider.name}} is no longer assigned to work order {{workOrder.id}}.</p>'
  checked-in:
    ticketStatus: Waiting on Third Party
    note: '<p>{{provider.name}} is on site for work order {{workOrder.id}}.</p>'
  work-done:
    ticketStatus: Resolved
    note: '<p>Work order {{workOrder.id}} is done.</p>'
  cancelled:
    ticketStatus: Open
    note: '<p>Work order {{workOrder.id}} is cancelled.</p>'
contacts:
  mergeWindow: 1s
`;
