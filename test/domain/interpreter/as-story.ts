import type { Candidate } from '../../../src/domain/kinds/candidate';
import type { ChangeTarget } from '../../../src/domain/model/change';
import type { License } from '../../../src/domain/model/license';
import type { PlannedUser } from '../../../src/domain/plan/planned-user';
import {
  aLicense,
  aTemplate,
  aUser,
  aWithheldChange,
  licenseId,
  siteA,
  siteB,
  someSettings,
  type Story,
} from '../builders';
import type { Case } from './any-organization';
import { thingOf } from './words';
import type { Order, Person, TemplateInWords } from './organization';

/** The same case in the words of the core. */
export function asStory({
  organization,
  order,
}: Case): Story & { users: Candidate[]; licenses: License[] } {
  const { mode, templates, units, listed, ends, people } = organization;
  return {
    ...requestOf(order),
    ...(order.leftOut && { except: { offers: order.leftOut } }),
    templates: templates.map(templateOf),
    users: people.map((one) => candidateOf(one, order)),
    licenses: listed.map((copy) => {
      const left = units[copy];
      if (left === undefined) return aLicense(copy);
      const used = people.filter(({ holds }) => holds.includes(copy)).length;
      return aLicense(copy, { total: left + used, used });
    }),
    settings: someSettings({
      compositionMode: mode,
      subscriptions: ['1', '2'].map((n) => {
        const endsOn = ends[n];
        const startsOn = `202${n}-01-01`;
        return { id: `Sub-${n}`, startsOn, ...(endsOn === undefined ? {} : { endsOn }) };
      }),
      siteAdministrators: [siteA, siteB].map((site) => ({
        site,
        users: people
          .filter(({ administers }) => administers.includes(site))
          .map(({ id }) => `${id}@acme.com`),
      })),
    }),
  };
}

/** What a row of a plan leaves somebody with, sorted, in the words of the interpreter. */
export function thingsOf({ licenses, attendeeSites }: PlannedUser['expected']): string[] {
  const named = licenses.map((id) => {
    const [, offer = '', rest = ''] =
      /:([A-Z]+)_[-0-9a-f]{36}(.*)$/.exec(Buffer.from(id, 'base64url').toString()) ?? [];
    return rest === '' ? offer : `${offer}@${rest.slice(1)}`;
  });
  return [...named, ...(attendeeSites ?? []).map((site) => `attendee:${site}`)].sort();
}

function templateOf({ id, group, things }: TemplateInWords) {
  const grants = things.map((thing) =>
    thing.startsWith('attendee:') ? `EE@${thing.slice('attendee:'.length)}:attendee` : thing,
  );
  return aTemplate(grants, group === null ? { id } : { id, group });
}

function requestOf(
  order: Order,
): Pick<Story, 'change' | 'existingUsers' | 'preserveLicenses' | 'ending'> {
  switch (order.kind) {
    case 'template': {
      const { id: templateId, existingUsers, preserve, withdraws } = order;
      const removed = withdraws ? { removedServices: { preserve: false as const } } : {};
      const change = { kind: 'template' as const, templateId, revision: 1, ...removed };
      return { change, existingUsers, preserveLicenses: preserve };
    }
    case 'delete':
      return {
        change: { kind: 'delete-template', templateId: order.template.id },
        ending: templateOf(order.template),
      };
    case 'turn-off':
      return {
        change: {
          kind: 'remove-services',
          services: [
            ...(order.messaging ? (['messaging'] as const) : []),
            ...(order.calling ? (['calling'] as const) : []),
          ],
          from: { organization: true },
        },
      };
    case 'react':
      return { change: { kind: 'reconcile' } };
    case 'csv':
      return {
        change: { kind: 'csv', importId: 'x', mode: order.removes ? 'add-and-remove' : 'add' },
      };
    case 'restore':
      return { change: { kind: 'restore-services', rolloutId: 'x' } };
  }
}

function candidateOf(one: Person, order: Order): Candidate {
  const isAttendee = (copy: string) => copy.startsWith('attendee:');
  const how = order.kind === 'react' ? order.how[one.id] : undefined;
  const cells = order.kind === 'csv' ? order.cells[one.id] : undefined;
  const taken = order.kind === 'restore' ? order.taken[one.id] : undefined;
  const user = aUser({
    id: one.id,
    holds: one.holds.filter((copy) => !isAttendee(copy)),
    attends: one.holds.filter(isAttendee).map((copy) => copy.slice('attendee:'.length)),
    groups: one.groups,
    kind: one.isPerson ? 'person' : 'machine',
    isExplicit: one.isExplicit,
    isLeftOut: one.isLeftOut,
    ...(how && { reaction: { mode: how, causes: [{ kind: 'new-user' as const }] } }),
    ...(cells && { csv: { line: 2, cells: Object.entries(cells).map(cellOf) } }),
    ...(taken && { taken: taken.map(targetOf) }),
  });
  return {
    ...user,
    waits: one.waitsSince.map((thing) => aWithheldChange(`+${thing}`, 'granted')),
    provenance: Object.fromEntries(
      one.holds.map((copy) => [isAttendee(copy) ? copy : licenseId(copy), one.origins[copy]!]),
    ),
    calling: one.canHaveCalling
      ? { can: true, properties: { locationId: 'here', extension: '1234' } }
      : { can: false, cause: 'no-number', text: 'the directory has no number' },
  };
}

function cellOf([thing, granted]: [string, boolean]) {
  if (thing.startsWith('attendee:')) {
    const site = thing.slice('attendee:'.length);
    return { kind: 'attendee' as const, offer: 'EE', site, granted };
  }
  const [offer = '', site = null] = thing.split('@');
  return { kind: 'license' as const, offer, site, granted };
}

function targetOf(thing: string): ChangeTarget {
  return { kind: 'license', licenseId: licenseId(thing), offer: thingOf(thing), site: null };
}
