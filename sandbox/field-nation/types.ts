import type { JsonObject } from '../json';

/** A work order as it is kept; the API's form is made by `presentOrder`. Times are milliseconds since 1970. */
export interface WorkOrder {
  id: number;
  title: string;
  description: string;
  confidential: string;
  typesOfWork: { id: number; isPrimary: boolean }[];
  location: JsonObject | null;
  schedule: Schedule | null;
  pay: JsonObject | null;
  contacts: JsonObject[];
  /** Custom field id → value. */
  customValues: Record<string, string>;
  managerId: number | null;
  projectId: number | null;
  clientId: number | null;
  templateId: number | null;
  /** Attributes that are kept and given back as they were sent. */
  extra: JsonObject;
  status: OrderStatus;
  routed: number[];
  requested: number[];
  declined: number[];
  assigneeId: number | null;
  milestones: Partial<Record<Milestone, number>>;
  folders: Folder[];
  tasks: Task[];
  timeLogs: { id: number; in: number; out: number | null }[];
  problems: Problem[];
  /** Absent in orders that an older version kept. */
  expenses?: Expense[];
  tagIds: number[];
  closingNotes: string;
  cancelReason: string;
  createdAt: number;
  updatedAt: number;
}

export type Milestone = 'created' | 'published' | 'routed' | 'assigned' | 'workdone' | 'approved' | 'paid' | 'canceled';

/** Ids as in the contract, section 14. */
export type StatusId = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

export interface OrderStatus {
  id: StatusId;
  /** Of Assigned: `Confirmed`, `On my way`, `Checked in` …; else empty. */
  sub: string;
  confirmed: boolean;
  /** Seconds late. */
  delay: number;
}

export interface Schedule {
  mode: 'exact' | 'hours' | 'between';
  start: number;
  end: number | null;
}

export interface Folder {
  id: number;
  name: string;
  type: 'document' | 'slot';
  files: OrderFile[];
}

export interface OrderFile {
  id: number;
  authorId: number;
  /** Key of the stored content. */
  contentId: number;
  name: string;
  mime: string;
  size: number;
  notes: string;
  status: string;
  created: number;
}

export interface Task {
  id: number;
  type: string;
  label: string;
  completed: number | null;
}

export interface Problem {
  id: number;
  type: string;
  comments: string;
  authorId: number;
  created: number;
  resolved: number | null;
}

export interface Expense {
  id: number;
  authorId: number;
  description: string;
  category: string;
  amount: number;
  status: 'new' | 'approved' | 'disapproved';
  added: number;
}

export interface Message {
  id: number;
  orderId: number;
  parentId: number | null;
  fromId: number;
  /** Audience, e.g. `STAFF_NOTE`, `ASSIGNEDTECH`. */
  type: string;
  text: string;
  created: number;
}

/** A webhook of the management API (contract 15.5). */
export interface Webhook {
  id: number;
  webhookId: string;
  /** May start with `{deskbridge}`. */
  url: string;
  method: 'post' | 'put';
  status: 'active' | 'inactive' | 'archived';
  secret: string;
  events: string[];
  notificationEmail: string | null;
  isIntegrationOnly: boolean;
  headers: Record<string, string>;
  createdAt: number;
  updatedAt: number;
  /** Attempts that were answered 2xx, and all of them: the retry count adapts to it. */
  succeeded: number;
  attempted: number;
  /** Since when each delivery has failed; null while they succeed. */
  failingSince: number | null;
}

/** Who makes a change, and whether through the API. */
export interface Origin {
  userId: number;
  api: boolean;
}
