/** The settings as findings: the doctor must speak when nothing else can start. */
import { SettingsError, type Settings } from '../../config/settings';
import { EVERYTHING, type Needs, type System } from '../../config/settings-needs';
import { hasFieldNation, NO_FIELD_NATION } from '../../runtime';
import { readSettings } from '../context';
import { unknownNames } from '../../checks/config';
import { failed, fine, warning, type Finding } from '../../checks/finding';

export interface SettingsSeen {
  /** Null when they cannot be used. */
  settings: Settings | null;
  /** Whose settings are whole: the other one is not asked. */
  usable: readonly System[];
  findings: Finding[];
}

export function checkSettings(): SettingsSeen {
  const seen = readForDoctor();
  return { ...seen, findings: [...seen.findings, ...unknownNames(process.env)] };
}

function readForDoctor(): SettingsSeen {
  try {
    const settings = readSettings(EVERYTHING);
    const account = settings.freshdesk ? `Freshdesk ${settings.freshdesk.domain}` : 'the sandbox Freshdesk';
    const company = settings.fieldNation
      ? `Field Nation at ${settings.fieldNation.baseUrl}`
      : hasFieldNation(settings)
        ? 'the sandbox Field Nation'
        : 'no Field Nation';
    const findings = [fine('Settings', 'environment and .env', `${account}, ${company}`)];
    if (hasFieldNation(settings)) return { settings, usable: EVERYTHING.calls, findings };
    const without = warning(
      'Settings',
      NO_FIELD_NATION.name,
      'is not set: contacts work, and no ticket is dispatched',
      NO_FIELD_NATION.remedy,
    );
    return { settings, usable: ['freshdesk'], findings: [...findings, without] };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const findings = error.problems.map(({ name, problem, remedy }) => failed('Settings', name, problem, remedy));
    return { ...withoutBroken(error), findings };
  }
}

/** What is missing for one system is no reason to leave the other unchecked. */
function withoutBroken({ problems }: SettingsError): Pick<SettingsSeen, 'settings' | 'usable'> {
  const isBroken = (prefix: string): boolean => problems.some(({ name }) => name.startsWith(prefix));
  const calls: Needs['calls'] = EVERYTHING.calls.filter(
    (system) => !isBroken(system === 'freshdesk' ? 'FRESHDESK_' : 'FIELD_NATION_'),
  );
  try {
    return { settings: readSettings({ calls, secrets: EVERYTHING.secrets }), usable: calls };
  } catch {
    return { settings: null, usable: [] };
  }
}
