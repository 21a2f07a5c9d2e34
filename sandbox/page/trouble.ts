import type { SandboxControl } from '../control-types';

export interface Trouble {
  name: string;
  words: string;
  isOn(control: SandboxControl): boolean;
  turn(control: SandboxControl, on: boolean): void;
}

const DOWN = 'page-field-nation-down';

/** What people can let go wrong by a click, to see how Deskbridge takes it. */
export const TROUBLES: readonly Trouble[] = [
  {
    name: 'key-refused',
    words: 'Freshdesk refuses the key',
    isOn: (control) => control.knobs().freshdesk.forbidden,
    turn: (control, on) => void control.setKnobs({ freshdesk: { forbidden: on } }),
  },
  {
    name: 'field-nation-down',
    words: 'Field Nation is down',
    isOn: (control) => control.faults().some(({ id }) => id === DOWN),
    turn: (control, on) => {
      control.clearFaults(DOWN);
      if (on) control.addFault({ id: DOWN, system: 'field-nation', kind: 'status', status: 503 });
    },
  },
];
