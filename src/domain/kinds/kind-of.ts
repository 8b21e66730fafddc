import type { RolloutChange } from '../request/rollout-request';
import type { ChangeKind } from './change-kind';
import { csvKind } from './csv';
import { deleteTemplateKind } from './delete-template';
import { previewKind } from './preview';
import { reconcileKind } from './reconcile';
import { removeServicesKind } from './remove-services';
import { restoreServicesKind } from './restore-services';
import { templateKind } from './template';

type Kind = RolloutChange['kind'];
/** The change of a kind, in a form that lets the compiler follow `kinds[change.kind](change)`. */
type ChangeByKind<K extends Kind = Kind> = {
  [P in K]: { kind: P } & Extract<RolloutChange, { kind: P }>;
}[K];

/** Every kind of change. */
const kinds: { [K in Kind]: (change: ChangeByKind<K>) => ChangeKind } = {
  template: templateKind,
  preview: previewKind,
  'delete-template': deleteTemplateKind,
  csv: csvKind,
  reconcile: reconcileKind,
  'remove-services': removeServicesKind,
  'restore-services': restoreServicesKind,
};

/** Everything that is special about a change. */
export function kindOf<K extends Kind>(change: ChangeByKind<K>): ChangeKind {
  return kinds[change.kind](change);
}
