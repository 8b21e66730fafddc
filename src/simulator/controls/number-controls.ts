import { z } from 'zod';
import type { Effect } from '../organization/effect';
import { renderNumber } from '../routes/number-routes';
import { badRequest, notFound } from '../server/api-error';
import { readControl, type Control, type ControlCall } from './control';

const entry = z.strictObject({
  number: z.string().regex(/^\+[1-9]\d{6,14}$/),
  /** Id or UUID; null: at no location. */
  locationId: z.string().nullable().default(null),
  /** The owner; null: not assigned. */
  ownerId: z.string().nullable().default(null),
});

/** Changes of phone numbers made by "somebody else". */
export const numberControls: Control[] = [
  {
    method: 'PUT',
    path: '/_simulator/numbers',
    summary: 'Adds or replaces a phone number: { "number", "locationId", "ownerId" }.',
    handle: putNumber,
  },
  {
    method: 'DELETE',
    path: '/_simulator/numbers/{number}',
    summary: 'Removes a phone number.',
    handle: (call) => {
      const number = call.params.number ?? '';
      if (!call.simulator.organization.numbers.find(number)) throw notFound();
      call.simulator.record({ effects: [{ kind: 'number-removed', number }] });
      return { status: 204 };
    },
  },
];

function putNumber(call: ControlCall): { body: unknown } {
  const { organization } = call.simulator;
  const { number, locationId, ownerId } = readControl(entry, call.body);
  const location = locationId === null ? null : organization.location(locationId);
  if (location === undefined) throw badRequest('No such location.');
  const effect: Effect = {
    kind: 'number',
    number: { number, locationUuid: location?.uuid ?? null, ownerId },
  };
  call.simulator.record({ effects: [effect] });
  return { body: renderNumber(organization, effect.number) };
}
