import type { Catalog } from '../organization/catalog';
import { licenseError } from '../server/api-error';
import type { Settings } from '../state/settings';

const conflict = 'License conflict';
const prerequisite = 'License prerequisite missing';
const notApplied = 'The following license(s) could not be applied as requested:';

interface Rule {
  code: number;
  message: string;
  /** In Cisco's words, before the ids. */
  description: string;
  /** Whether a user who holds these offers breaks the rule. */
  broken(has: (offers: string | readonly string[]) => boolean, offers: Settings['offers']): boolean;
}

/** Licenses that exclude or require each other. */
const rules: Rule[] = [
  {
    code: 700003,
    message: prerequisite,
    description:
      'Free teams messaging mandatory for paid teams messaging license. The following license could not be applied as requested:',
    broken: (has) => has('MS') && !has('FMS'),
  },
  {
    code: 700005,
    message: prerequisite,
    description: `Free teams messaging mandatory for teams meeting license. ${notApplied}`,
    broken: (has) => (has('FTM') || has('CF')) && !has('FMS'),
  },
  {
    code: 700004,
    message: prerequisite,
    description:
      'Free teams meeting mandatory for paid teams meeting license. The following license could not be applied as requested:',
    broken: (has) => has('CF') && !has('FTM'),
  },
  {
    code: 400404,
    message: conflict,
    description: `User cannot have both Webex Calling Professional and Standard License together. ${notApplied}`,
    broken: (has, offers) => has(offers.professional) && has(offers.standard),
  },
  {
    code: 400406,
    message: conflict,
    description: `User cannot have both Webex Calling Standard and Webex Attendant Console licenses together. ${notApplied}`,
    broken: (has, offers) => has(offers.standard) && has(offers.attendantConsole),
  },
  {
    code: 400407,
    message: conflict,
    description: `User cannot have both Webex Calling Standard and CX Essential licenses together. ${notApplied}`,
    broken: (has, offers) => has(offers.standard) && has(offers.customerAssist),
  },
  {
    code: 400408,
    message: prerequisite,
    description:
      'User needs Webex Calling Professional license to be assigned before assigning Webex Attendant Console:',
    broken: (has, offers) => has(offers.attendantConsole) && !has(offers.professional),
  },
];

/**
 * Throws the code of the first rule that these licenses break and `before` didn't: a user who broke a
 * rule before can still be changed in other ways.
 */
export function checkResult(
  catalog: Catalog,
  before: ReadonlySet<number>,
  after: ReadonlySet<number>,
  settings: Settings,
): void {
  const had = holds(catalog, before);
  const has = holds(catalog, after);
  for (const rule of rules) {
    if (rule.broken(has, settings.offers) && !rule.broken(had, settings.offers)) {
      const ids = changed(catalog, before, after);
      throw licenseError(rule.code, rule.message, `${rule.description} ${ids}`);
    }
  }
  for (const set of settings.offers.exclusive) {
    const held = set.filter((offer) => has(offer));
    if (held.length > 1 && set.filter((offer) => had(offer)).length < held.length) {
      const ids = changed(catalog, before, after);
      const text = `Could not apply the following license(s): ${ids} as the user can be assigned only one of licenses with the offer code from the list: ${set.join(', ')}`;
      throw licenseError(400413, conflict, text);
    }
  }
}

/** Throws if the step itself is not allowed, whatever its result. */
export function checkStep(
  catalog: Catalog,
  before: ReadonlySet<number>,
  added: readonly number[],
  removed: readonly number[],
  settings: Settings,
): void {
  const { offers } = settings;
  const gains = holds(catalog, added);
  const loses = holds(catalog, removed);
  const had = holds(catalog, before);
  const ids = (indices: readonly number[], offers: readonly string[]): string =>
    indices
      .map((index) => catalog.at(index))
      .filter((one) => offers.includes(one.offer))
      .map((one) => one.id)
      .join(', ');
  if (loses('FSS')) {
    const text = `Screen Share ${ids(removed, ['FSS'])} is implicitly assigned and cannot be removed`;
    throw licenseError(700006, 'License removal not allowed', text);
  }
  if (gains(offers.messenger) || loses(offers.messenger)) {
    const messenger = ids([...added, ...removed], offers.messenger);
    const text = `User management of Messenger license ${messenger} is not supported`;
    throw licenseError(400118, 'License management not supported', text);
  }
  if (!gains(offers.standard)) return;
  const standard = ids(added, offers.standard);
  if (had(offers.professional) && loses(offers.professional)) {
    const text =
      "Changing a user's Webex Calling license from Professional to Standard is not allowed.";
    throw licenseError(400112, 'License assignment failed', `${text} ${notApplied} ${standard}`);
  }
  if (had(offers.customerAssist) && loses(offers.customerAssist)) {
    const text =
      "Changing a user's license from CX Essential to Webex Calling Standard is not allowed.";
    throw licenseError(
      400410,
      'License downgrade not allowed',
      `${text} ${notApplied} ${standard}`,
    );
  }
}

/** Ids of the added licenses; if none was added, of the removed ones. */
function changed(
  catalog: Catalog,
  before: ReadonlySet<number>,
  after: ReadonlySet<number>,
): string {
  const came = [...after].filter((index) => !before.has(index));
  const went = [...before].filter((index) => !after.has(index));
  return (came.length > 0 ? came : went).map((index) => catalog.at(index).id).join(', ');
}

function holds(
  catalog: Catalog,
  licenses: Iterable<number>,
): (offers: string | readonly string[]) => boolean {
  const held = new Set([...licenses].map((index) => catalog.at(index).offer));
  return (offers) =>
    typeof offers === 'string' ? held.has(offers) : offers.some((offer) => held.has(offer));
}
