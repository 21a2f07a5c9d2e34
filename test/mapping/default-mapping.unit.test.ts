import { DEFAULT_STATUS, DEFAULT_WORK_ORDER } from '../../src/config/defaults';
import { mapWorkOrder, renderTemplate } from '../../src/domain/mapping';
import { namesWithoutRights } from '../../activities/ticket-field-names';
import { SITE, sourcesOf } from './ticket';

const context = { correlationField: 129, customFieldIds: null, ticketFields: namesWithoutRights() };

describe('the shipped mapping', () => {
  it('makes this work order of the ticket of the contract', () => {
    const { payload, problems } = mapWorkOrder(DEFAULT_WORK_ORDER, sourcesOf({ custom_fields: SITE }), context);
    expect(problems).toEqual([]);
    expect(payload).toEqual({
      title: 'Card reader offline',
      types_of_work: [{ id: 62, isPrimary: true }],
      description: {
        html:
          '<div>Lane 3 shows <b>no link</b>.</div><p>Priority: high<br />Company: Quint Foods ' +
          '<br />Tags: field-visit, pos <br />Freshdesk ticket: 4711</p><p>Deskbridge FD-acme-4711-1</p>',
      },
      confidential: { html: '<p>Requested by Mara Quint (mara@quint-foods.example)</p>' },
      location: {
        ...{ mode: 'custom', type: { id: 1 }, display_name: 'Store 18', address1: '12 Mill Road', city: 'Dayton' },
        ...{ state: 'OH', zip: '45402', country: 'US' },
      },
      schedule: { service_window: { mode: 'exact', start: { local: { date: '2026-02-04', time: '09:30:00' } } } },
      pay: { type: 'fixed', base: { amount: 150, units: 1 } },
      contacts: {
        results: [
          { role: 'Location Contact', name: 'Mara Quint', phone: '+19375550142', email: 'mara@quint-foods.example' },
        ],
      },
      custom_fields: { results: [{ results: [{ id: 129, value: 'FD-acme-4711-1' }] }] },
    });
  });

  it('names everything that an incomplete ticket lacks at once, with the line to mend', () => {
    const { problems } = mapWorkOrder(DEFAULT_WORK_ORDER, sourcesOf(), context);
    expect(problems.map(({ target }) => target)).toEqual([
      // A visit date without a time.
      'schedule.service_window.start.utc',
      ...['location.city', 'location.state', 'location.zip'],
    ]);
    expect(problems[1]).toEqual({
      target: 'location.city',
      source: 'ticket.custom_fields.cf_site_city',
      message: 'The work order lacks a city',
      value: null,
      remedy: 'Fill in cf_site_city in the ticket, or correct the line "location.city" of workOrder in the config',
    });
  });

  it('falls back to the day the ticket is due, and tells technicians neither its status nor its due date', () => {
    const custom_fields = { ...SITE, cf_visit_date: null, cf_pay_amount: '62.50' };
    const sources = sourcesOf({ custom_fields, status: 11, requester: null, company: {}, tags: [] });
    const { payload, problems } = mapWorkOrder(DEFAULT_WORK_ORDER, sources, context);
    expect(problems).toEqual([]);
    expect(payload).toMatchObject({
      schedule: { service_window: { start: { utc: '2026-02-03 17:00:00' } } },
      pay: { base: { amount: 62.5 } },
    });
    expect(payload).not.toHaveProperty('contacts');
    expect(payload).not.toHaveProperty('confidential');
    expect(JSON.stringify(payload.description)).not.toMatch(/status|due/i);
  });
});

describe('the shipped note of finished work', () => {
  const note = DEFAULT_STATUS['work-done'].note;
  const render = (workOrder: Record<string, unknown>, provider: Record<string, unknown> | undefined): string =>
    renderTemplate(
      note,
      { ...sourcesOf(), workOrder, provider, event: { timestamp: '2026-02-04T12:00:00-06:00' } },
      { escape: 'html' },
    ).replace(/\s+/g, ' ');

  it('says who did what and when', () => {
    const workOrder = {
      id: 901234,
      closing_notes: 'Swapped the cable.\nTested <lane 3>.',
      milestones: { workdone: { utc: '2026-02-04 18:00:00' } },
      time_logs: { hours: 1.5 },
    };
    expect(render(workOrder, { first_name: 'Lee', last_name: 'Park' }).trim()).toBe(
      '<p><b>Work order 901234 is done.</b><br> Completed by Lee Park on 2026-02-04 18:00:00 UTC </p>' +
        ' <p>Hours on site: 1.5</p> <p>Closing notes:<br>Swapped the cable.<br>Tested &lt;lane 3&gt;.</p>',
    );
  });

  it('reads well when Field Nation tells little', () => {
    const workOrder = { id: 901234, closing_notes: '', time_logs: { hours: 0 } };
    expect(render(workOrder, undefined).trim()).toBe(
      '<p><b>Work order 901234 is done.</b><br> Completed by the provider on 2026-02-04T12:00:00-06:00</p>',
    );
  });
});
