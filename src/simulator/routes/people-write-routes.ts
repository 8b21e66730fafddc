import { renderPerson } from './render-person';
import { notFound } from '../server/api-error';
import type { Answer, Call, Route } from '../server/route';
import { createPerson, removePerson, replacePerson } from './write-person';

const scopes = ['spark-admin:people_write'];

export const peopleWriteRoutes: Route[] = [
  {
    method: 'POST',
    path: '/v1/people',
    operation: 'create person',
    scopes,
    handle: (call) => shown(call, createPerson(call)),
  },
  {
    method: 'PUT',
    path: '/v1/people/{personId}',
    operation: 'replace person',
    scopes,
    handle: (call) => shown(call, replacePerson(call, livingRow(call))),
  },
  {
    method: 'DELETE',
    path: '/v1/people/{personId}',
    operation: 'delete person',
    scopes,
    handle: (call) => ({ status: 204, ...removePerson(call, livingRow(call)) }),
  },
];

function livingRow(call: Call): number {
  const { people } = call.simulator.organization;
  const row = people.rowOf(call.params.personId ?? '');
  if (row === undefined || !people.truth(row).exists) throw notFound();
  return row;
}

/** The answer to a write shows the new state immediately; with `minResponse` only the id. */
function shown(call: Call, write: Pick<Answer, 'effects'> & { personId: string }): Answer {
  const { organization, settings } = call.simulator;
  const bodyAfter = (): unknown => {
    if (call.query.get('minResponse') === 'true') return { id: write.personId };
    const row = organization.people.rowOf(write.personId) ?? 0;
    const callingData = call.query.get('callingData') === 'true';
    const state = organization.people.truth(row);
    return renderPerson(organization, row, state, { settings, callingData, inList: false });
  };
  return { status: 200, ...write, bodyAfter };
}
