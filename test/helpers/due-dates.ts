import type { Sandbox } from '../../sandbox';

/** Waiting for the system's due dates is a subject of its own: a ticket of most tests is one that has been there a while. */
export function withDueDatesAtBirth(control: Sandbox['control']): void {
  const reset = control.resetKnobs.bind(control);
  control.resetKnobs = () => {
    reset();
    return control.setKnobs({ freshdesk: { dueDates: 'atBirth' } });
  };
  control.resetKnobs();
}
