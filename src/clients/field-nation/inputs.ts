/** What may be sent to Field Nation; only the attributes listed here leave. */
import type { FileSource } from '../multipart';

export interface IdRef {
  id: number;
}

/** `utc` is `YYYY-MM-DD HH:MM:SS` in UTC: see `toFieldNationTime`. */
export interface TimeInput {
  utc: string;
}

/** Contract 4.1. Field names are the wire's. */
export type LocationInput =
  | {
      mode: 'custom';
      display_name?: string;
      address1: string;
      address2?: string;
      city: string;
      /** Two letters in the US. */
      state: string;
      zip: string;
      /** ISO 3166 alpha-2. */
      country: string;
      type?: IdRef;
    }
  | { mode: 'location'; saved_location: IdRef }
  | { mode: 'remote' };

/** Contract 4.2: `hours` and `between` need `end`. */
export interface ScheduleInput {
  service_window:
    | { mode: 'exact'; start: TimeInput; end?: TimeInput }
    | { mode: 'hours' | 'between'; start: TimeInput; end: TimeInput };
  time_zone?: IdRef;
}

/** Contract 4.3; amounts in USD. */
export interface PayInput {
  type: 'fixed' | 'hourly' | 'device' | 'blended';
  base: { amount: number; units: number };
  additional?: { amount: number; units: number };
  finance?: IdRef;
}

/** `role` is one of Field Nation's, e.g. `Location Contact`, `Project manager`. */
export interface ContactInput {
  role: string;
  name?: string;
  email?: string;
  phone?: string;
  ext?: string;
  notes?: string;
}

/** Built by `customFieldValues`. */
export interface CustomFieldsInput {
  results: { results: { id: number; value: string }[] }[];
}

const WORK_ORDER_ATTRIBUTES = [
  'title',
  'description',
  'confidential',
  'types_of_work',
  'location',
  'schedule',
  'require_ontime',
  'pay',
  'custom_fields',
  'contacts',
  'manager',
  'client',
  'project',
  'service_contract',
  'team',
  'template',
  'networks',
  'service_types',
  'equipments',
  'tasks',
  'shipments',
  'incident_id',
  'site_revisit',
  'type_of_work',
  'ignore_template',
  'defaultTemplateId',
  'isUniversalTemplate',
  'printable',
  'qualificationsEnabled',
  'allow_counter_offers',
  'require_gps',
] as const;

/** Contract 4. Only the title is required for a draft; 4.4 lists what publishing needs. */
export interface WorkOrderPayload {
  title: string;
  description?: { html: string };
  /** Shown after assignment. */
  confidential?: { html: string };
  /** Exactly one is primary. */
  types_of_work?: { id: number; isPrimary: boolean }[];
  location?: LocationInput;
  schedule?: ScheduleInput;
  require_ontime?: boolean;
  pay?: PayInput;
  custom_fields?: CustomFieldsInput;
  contacts?: { results: ContactInput[] };
  manager?: IdRef;
  client?: IdRef;
  project?: IdRef;
  service_contract?: IdRef;
  team?: IdRef;
  template?: IdRef;
  networks?: { results: IdRef[] };
  type_of_work?: IdRef;
  service_types?: IdRef[];
  equipments?: IdRef[];
  tasks?: { results: Record<string, unknown>[] };
  shipments?: { results: Record<string, unknown>[] };
  site_revisit?: { is_revisit: boolean };
  ignore_template?: boolean;
  defaultTemplateId?: number;
  isUniversalTemplate?: boolean;
  printable?: boolean;
  qualificationsEnabled?: boolean;
  incident_id?: string;
  allow_counter_offers?: boolean;
  require_gps?: boolean;
}

/** Contract 6: only what is given changes; a collection may be replaced as a whole. */
export type WorkOrderPatch = Partial<WorkOrderPayload>;

export type WorkOrderList =
  | 'workorders_all'
  | 'workorders_in_flight'
  | 'workorders_draft'
  | 'workorders_published_routed'
  | 'workorders_assigned'
  | 'workorders_problem'
  | 'workorders_work_done'
  | 'workorders_approved';

/** Contract 9. Conditions combine with AND. */
export interface ListWorkOrdersInput {
  list: WorkOrderList;
  /** Keyword over title, description, location and more; without case; may lag. */
  search?: string;
  workOrderIds?: readonly number[];
  /** `YYYY-MM-DD`, inclusive; in whose time zone is not documented, so leave a day of slack. */
  createdFrom?: string;
  /** `YYYY-MM-DD`, inclusive; tomorrow in UTC by default. */
  createdTo?: string;
  sort: 'id' | 'title' | 'schedule' | 'status' | 'pay' | 'created_date';
  order: 'asc' | 'desc';
  /** From 1. */
  page: number;
  /** At most 100. */
  perPage: number;
}

/** Who reads a message: `STAFF_NOTE` the buyer's staff, `ASSIGNEDTECH` the provider, `SPECIFICTECH` the one in `to`. */
export type MessageType =
  'INTERNAL' | 'STAFF_NOTE' | 'ASSIGNEDTECH' | 'REQUESTEDTECHS' | 'ROUTEDTECHS' | 'SPECIFICTECH';

/** Contract 10. Plain text, no HTML. Not idempotent. */
export interface MessageInput {
  message: string;
  type: MessageType;
  to?: IdRef;
}

/** Contract 11. `forceUpload` asks for files that the folder's rules would refuse. */
export interface UploadInput {
  folderId: number;
  file: FileSource;
  notes?: string;
  forceUpload?: boolean;
}

/** The two-level form in which custom fields are written (contract 4). */
export function customFieldValues(values: { id: number; value: string }[]): CustomFieldsInput {
  return { results: [{ results: values }] };
}

export function workOrderBody(payload: WorkOrderPatch): Record<string, unknown> {
  const given = WORK_ORDER_ATTRIBUTES.filter((key) => payload[key] !== undefined);
  return Object.fromEntries(given.map((key) => [key, payload[key]]));
}
