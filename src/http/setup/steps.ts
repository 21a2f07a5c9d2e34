/** The steps of set-up, in their order: each can be left and come back to. */

export const STEPS = [
  { name: 'freshdesk', title: 'Freshdesk' },
  { name: 'field-nation', title: 'Field Nation' },
  { name: 'address', title: 'Public address' },
  { name: 'accounts', title: 'Rules and fields' },
  { name: 'mapping', title: 'Mapping' },
  { name: 'go-live', title: 'Go live' },
] as const;

export type StepName = (typeof STEPS)[number]['name'];

export const pathOf = (step: StepName): string => `/setup/${step}`;

/** The page after a step; the last one leads to itself. */
export const pathAfter = (step: StepName): string => {
  const index = STEPS.findIndex(({ name }) => name === step);
  return pathOf((STEPS[index + 1] ?? STEPS[STEPS.length - 1] ?? STEPS[0]).name);
};
