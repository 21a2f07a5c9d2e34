/** What a 409 means for a contact. Promise: an update goes to nobody but the holder of the e-mail. Source: interface 6, Freshdesk contract 9.4. */

import type { Clash } from '../../contract/contact-write';

const IDENTITY = ['email', 'unique_external_id'];

/** The holder may be updated: several clashes may be several people, and a phone is shared. */
export const isEmailAlone = ({ fields }: Clash): boolean => fields.length === 1 && fields[0] === 'email';

/**
 * E-mail and user id both, of one and the same record: what somebody has whom we made ourselves some time ago, or an
 * import did. Whether it really holds both is still to be read.
 */
export const isOneHolder = ({ fields, holderId, severalHolders }: Clash): boolean =>
  holderId !== null && !severalHolders && fields.includes('email') && fields.every((field) => IDENTITY.includes(field));

/** The person has a contact already, which a create leaves as it is: a user id alone may be somebody else's. */
export const isKnownPerson = ({ fields, severalHolders }: Clash): boolean =>
  !severalHolders && fields.includes('email') && fields.every((field) => IDENTITY.includes(field));

/** What happened and what to do. */
export const clashText = ({ fields }: Clash): string =>
  `Other contacts in Freshdesk hold the same ${[...new Set(fields)].join(' and ')}; nothing was overwritten. ` +
  'Merge or correct the contacts there, then send the event again.';
