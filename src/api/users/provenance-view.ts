import type { listGivers } from '../../db/users/user-history';
import type { Provenance } from '../../domain/model/user';
import { rolloutAddress, templateAddress } from '../http/parameters/addresses';

export type Giver = Awaited<ReturnType<typeof listGivers>>[number];

interface ProvenanceInput {
  orgId: string;
  /** License id or `attendee:<site>`. */
  target: string;
  provenance: Readonly<Record<string, Provenance>>;
  givers: readonly Giver[];
  firstSeenAt: Date;
}

/** Why a user holds something (R31a): what granted it, and since when, as far as known. */
export function provenanceView({
  orgId,
  target,
  provenance,
  givers,
  firstSeenAt,
}: ProvenanceInput) {
  const origin: Provenance = provenance[target] ?? { kind: 'unknown' };
  const giver = givers.find((one) => one.target === target);
  const isFromFirstSight = origin.kind !== 'template' && origin.kind !== 'manual';
  const since = giver?.since ?? (isFromFirstSight ? firstSeenAt : null);
  return {
    kind: origin.kind,
    text: textOf(origin, giver),
    template: origin.kind === 'template' ? templateOf(orgId, origin, giver) : null,
    since: since?.toISOString() ?? null,
    rollout: giver ? rolloutAddress(orgId, giver.rolloutId) : null,
  };
}

function templateOf(
  orgId: string,
  { templateId, revision }: Extract<Provenance, { kind: 'template' }>,
  giver: Giver | undefined,
) {
  const isThere = giver !== undefined && giver.templateName !== null && giver.deletedAt === null;
  // Its only draft was dropped after the pilot: there is nothing to read, but something to take back.
  const isUntried = isThere && giver.isEmpty;
  return {
    templateId,
    revision,
    name: giver?.templateName ?? null,
    address: isThere && !isUntried ? templateAddress(orgId, giver.groupId) : null,
    takeBackWith: isUntried ? { change: { kind: 'delete-template' as const, templateId } } : null,
  };
}

function textOf(origin: Provenance, giver: Giver | undefined): string {
  switch (origin.kind) {
    case 'template':
      return `granted by ${giver?.templateName ?? 'a template'}`;
    case 'manual':
      return giver
        ? 'granted by a CSV file or a restored service'
        : 'assigned by hand, outside of Seatwise';
    case 'explicit':
      return 'the user was created with it';
    case 'implicit':
      return 'assigned automatically by Webex';
    case 'unknown':
      return 'held before Seatwise first read the directory';
  }
}
