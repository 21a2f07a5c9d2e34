/** What a buyer company has set up before any work order exists (Field Nation contract, sections 12 and 13). */

export interface Provider {
  id: number;
  first_name: string;
  last_name: string;
  phone: string;
  email: string;
  city: string;
}

export const COMPANY = { id: 4021, name: 'Acme Field Services' } as const;
/** The user behind the credentials: work orders, messages and history are theirs. */
export const API_USER = {
  id: 1068,
  first_name: 'Dispatch',
  last_name: 'Desk',
  email: 'dispatch@acme.example',
  phone: '+19375550100',
} as const;
/** A person at the buyer who works in the web application. */
export const BUYER_USER = {
  id: 1071,
  first_name: 'Ines',
  last_name: 'Halloran',
  email: 'ines@acme.example',
  phone: '+19375550101',
} as const;
export const MANAGERS = [API_USER, BUYER_USER] as const;

export const PROVIDERS: readonly Provider[] = [
  {
    id: 55021,
    first_name: 'Lee',
    last_name: 'Park',
    phone: '+19375550171',
    email: 'lee.park@techs.example',
    city: 'Dayton',
  },
  {
    id: 55034,
    first_name: 'Tamika',
    last_name: 'Osei',
    phone: '+12185550172',
    email: 'tamika.osei@techs.example',
    city: 'Duluth',
  },
  {
    id: 55058,
    first_name: 'Marco',
    last_name: 'Ferrante',
    phone: '+13125550173',
    email: 'marco.ferrante@techs.example',
    city: 'Chicago',
  },
  {
    id: 55077,
    first_name: 'Priya',
    last_name: 'Raman',
    phone: '+15125550174',
    email: 'priya.raman@techs.example',
    city: 'Austin',
  },
  {
    id: 55102,
    first_name: 'Joel',
    last_name: 'Whitaker',
    phone: '+13035550175',
    email: 'joel.whitaker@techs.example',
    city: 'Denver',
  },
];

export const TYPES_OF_WORK = [
  { id: 62, name: 'Point of Sale (POS)', industry_id: 4, industry: 'Retail' },
  { id: 63, name: 'Printer', industry_id: 4, industry: 'Retail' },
  { id: 71, name: 'Networking', industry_id: 2, industry: 'IT' },
  { id: 72, name: 'Desktop / Laptop', industry_id: 2, industry: 'IT' },
  { id: 85, name: 'Digital Signage', industry_id: 5, industry: 'AV' },
] as const;

/** A custom field definition. Values are texts, whatever the type. */
export interface CustomField {
  id: number;
  name: string;
  type: 'text' | 'predefined' | 'numeric' | 'date';
  role: 'buyer' | 'assigned_provider';
  required: boolean;
  unique: boolean;
  internal: boolean;
  options: readonly string[];
}

export const CUSTOM_FIELDS: readonly CustomField[] = [
  { id: 129, name: 'Ticket', type: 'text', role: 'buyer', required: false, unique: true, internal: true, options: [] },
  {
    id: 130,
    name: 'Priority',
    type: 'predefined',
    role: 'buyer',
    required: false,
    unique: false,
    internal: false,
    options: ['low', 'normal', 'high', 'urgent'],
  },
  {
    id: 131,
    name: 'Site contact',
    type: 'text',
    role: 'buyer',
    required: false,
    unique: false,
    internal: false,
    options: [],
  },
  {
    id: 140,
    name: 'Resolution',
    type: 'text',
    role: 'assigned_provider',
    required: false,
    unique: false,
    internal: false,
    options: [],
  },
];

export const TEMPLATES = [
  {
    id: 3101,
    name: 'POS swap',
    fields: { types_of_work: [{ id: 62, isPrimary: true }], pay: { type: 'fixed', base: { amount: 150, units: 1 } } },
  },
] as const;
export const PROJECTS = [{ id: 771, name: 'Store support' }] as const;
export const CLIENTS = [{ id: 881, name: 'Quint Foods' }] as const;
export const LOCATIONS = [
  {
    id: 991,
    name: 'Quint Foods Dayton',
    address1: '12 Mill Road',
    city: 'Dayton',
    state: 'OH',
    zip: '45402',
    country: 'US',
  },
] as const;
export const TAGS = [
  { id: 21, label: 'Deskbridge', hex_color: '#1f6feb' },
  { id: 22, label: 'After hours', hex_color: '#a371f7' },
] as const;
export const INCOMPLETE_REASONS = [
  { id: 1, name: 'Work not finished' },
  { id: 2, name: 'Documents missing' },
] as const;

/** Name of anybody who can write a message. */
export function personName(id: number): string {
  const person = [...MANAGERS, ...PROVIDERS].find((candidate) => candidate.id === id);
  return person === undefined ? 'Unknown' : `${person.first_name} ${person.last_name}`;
}
