import type { Catalog } from '../organization/catalog';
import { licenseError } from '../server/api-error';
import type { Settings } from '../settings';

const conflict = 'License conflict';
const prerequisite = 'License prerequisite missing';

interface Rule {
  code: number;
  message: string;
  description: string;
  /** True where somebody who holds these offers breaks the rule. */
  broken(has: (offers: string | readonly string[]) => boolean, offers: Settings['offers']): boolean;
}

/** What nobody may hold together, or without something else. */
const rules: Rule[] = [
  {
    code: 700003,
    message: prerequisite,
    description: 'Free messaging license is mandatory for paid messaging license.',
    broken: (has) => has('MS') && !has('FMS'),
  },
  {
    code: 700005,
    message: prerequisite,
    description: 'Free messaging license is mandatory for teams meeting license.',
    broken: (has) => (has('FTM') || has('CF')) && !has('FMS'),
  },
  {
    code: 700004,
    message: prerequisite,
    description: 'Free teams meeting license is mandatory for paid teams meeting license.',
    broken: (has) => has('CF') && !has('FTM'),
  },
  {
    code: 400404,
    message: conflict,
    description: 'Webex Calling Professional and Standard licenses can not be assigned together.',
    broken: (has, offers) => has(offers.professional) && has(offers.standard),
  },
  {
    code: 400406,
    message: conflict,
    description: 'Webex Calling Standard and Attendant Console can not be assigned together.',
    broken: (has, offers) => has(offers.standard) && has(offers.attendantConsole),
  },
  {
    code: 400407,
    message: conflict,
    description:
      'Webex Calling Standard and Customer Experience Essentials can not be assigned together.',
    broken: (has, offers) => has(offers.standard) && has(offers.customerAssist),
  },
  {
    code: 400408,
    message: prerequisite,
    description: 'Attendant Console needs a Webex Calling Professional license.',
    broken: (has, offers) => has(offers.attendantConsole) && !has(offers.professional),
  },
];

/**
 * Throws the code of the first rule that these licenses break and `before` didn't: somebody who was
 * odd already isn't hindered in other changes.
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
      throw licenseError(rule.code, rule.message, rule.description);
    }
  }
  for (const set of settings.offers.exclusive) {
    const held = set.filter((offer) => has(offer));
    if (held.length > 1 && set.filter((offer) => had(offer)).length < held.length) {
      const text = `Only one of the offer codes ${set.join(', ')} can be assigned.`;
      throw licenseError(400413, conflict, text);
    }
  }
}

/** Throws where the step itself is not allowed, whatever the result. */
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
  if (loses('FSS')) {
    const text = 'Screen Share license is implicitly assigned and can not be removed.';
    throw licenseError(700006, 'License removal not allowed', text);
  }
  if (gains(offers.messenger) || loses(offers.messenger)) {
    const text = 'Messenger licenses can not be managed with this API.';
    throw licenseError(400118, 'License management not supported', text);
  }
  if (!gains(offers.standard)) return;
  if (had(offers.professional) && loses(offers.professional)) {
    const text = 'Change from Webex Calling Professional to Standard is not allowed.';
    throw licenseError(400112, 'License assignment failed', text);
  }
  if (had(offers.customerAssist) && loses(offers.customerAssist)) {
    const text = 'Change from Customer Experience Essentials to Standard is not allowed.';
    throw licenseError(400410, 'License downgrade not allowed', text);
  }
}

function holds(
  catalog: Catalog,
  licenses: Iterable<number>,
): (offers: string | readonly string[]) => boolean {
  const held = new Set([...licenses].map((index) => catalog.at(index).offer));
  return (offers) =>
    typeof offers === 'string' ? held.has(offers) : offers.some((offer) => held.has(offer));
}
