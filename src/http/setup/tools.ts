/** What the routes of all steps share. */
import type { Request, RequestHandler, Response } from 'express';
import type { Finding } from '../../checks/finding';
import type { DispatchingState } from '../../temporal/dispatching';
import type { SetupDesk } from '../../setup/desk';
import type { Audit, By } from '../audit';
import { textOf } from '../body';
import type { Heard } from '../status/heard';
import type { StepName } from './steps';

export interface SetupDeps {
  desk: SetupDesk;
  /** Demanded on these pages even where the others let this machine in: they store keys. */
  token: string;
  /** Where this process listens. */
  port: number;
  /** Ends this process's parts and begins them with the saved settings; null: a person restarts. */
  restart: (() => void) | null;
  /** Why the settings of the last restart were not taken. */
  refused: string | null;
  /** Whether all parts of this process work. */
  isReady: () => Promise<boolean>;
  /** Whether this process's Temporal is as it must be. */
  checkTemporal: () => Promise<Finding[]>;
  /** Puts the config file in force here. */
  reloadConfig(by: By): Promise<void>;
}

export interface StepDeps extends SetupDeps {
  account: string;
  audit: Audit;
  heard: Heard;
  dispatching: () => Promise<DispatchingState>;
}

export interface StepTools {
  deps: StepDeps;
  page: RequestHandler[];
  post: RequestHandler[];
  /** A step's page with all that stands around it. */
  show: (request: Request, response: Response, shown: StepShown) => Promise<void>;
}

export interface StepShown {
  step: StepName | null;
  lead: string;
  body: unknown;
  status?: number;
  /** Uses the width of the window. */
  wide?: boolean;
  /** In seconds; the page's live parts are asked for anew. */
  refresh?: number;
}

/** A form's fields, trimmed; one that is not there is empty. */
export function formOf(request: Request): (name: string) => string {
  const fields = new URLSearchParams(textOf(request));
  return (name) => (fields.get(name) ?? '').trim();
}
