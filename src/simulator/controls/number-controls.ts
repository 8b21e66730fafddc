import { z } from 'zod';
import type { Effect } from '../organization/effect';
import { renderNumber } from '../routes/number-routes';
import { badRequest, notFound } from '../server/api-error';
import { readControl, type Control, type ControlCall } from './control';

const entry = z.strictObject({
  number: z.string().regex(/^\+[1-9]\d{6,14}$/),
  /** Id or UUID; null: provisioned nowhere. */
  locationId: z.string().nullable().default(null),
  /** Whoever has it; null: nobody. */
  ownerId: z.string().nullable().default(null),
});

/** Phone numbers, bought, given and taken as "somebody else" would. */
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
    summary: 'Takes a phone number away.',
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
