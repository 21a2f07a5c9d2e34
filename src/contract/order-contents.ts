/**
 * What a work order holds beyond its status, as an event brings it along: plain JSON that stands in histories. A part is there
 * exactly where the order told of it, also of nothing in it.
 */
export interface PayPart {
  amount?: number;
  /** Hours or devices; 1 for a fixed pay. */
  units?: number;
}

export interface Expense {
  description?: string;
  category?: string;
  amount?: number;
  /** Absent for one. */
  quantity?: number;
  status?: string;
}

export interface OrderExpenses {
  /** `all` without those that were denied, where their states are told. */
  sum: { all?: number; approved_amount?: number };
  /** Absent where the sums are all that was told. */
  results?: Expense[];
}

/** Sums are in the order's currency. */
export interface OrderPay {
  type?: string;
  base?: PayPart;
  additional?: PayPart;
  /** As told; of a fixed pay its amount, which is the total. */
  total?: number;
  currency?: string;
  expenses?: OrderExpenses;
}

export type PlaceName = 'mode' | 'display_name' | 'address1' | 'address2' | 'city' | 'state' | 'zip' | 'country';

/** `utc`: `YYYY-MM-DD HH:MM:SS`; `local`: as on the clock at the site. */
export interface OrderMoment {
  utc?: string;
  local?: { date?: string; time?: string };
}

export interface OrderContents {
  /** Of who does the work. */
  contact?: { phone?: string; cell?: string; email?: string };
  pay?: OrderPay;
  location?: Partial<Record<PlaceName, string>>;
  schedule?: {
    service_window: { mode?: string; start?: OrderMoment; end?: OrderMoment };
    time_zone?: { name: string };
  };
  /** Check-ins and check-outs, ISO 8601 in UTC. */
  time_logs?: { results: { in?: string; out?: string; hours?: number }[] };
  /** Those with a value, the buyer's and the provider's. */
  custom_fields?: { id?: number; name?: string; value: string }[];
  tasks?: { label: string; done: boolean }[];
  /** Who signed. */
  signatures?: string[];
}
