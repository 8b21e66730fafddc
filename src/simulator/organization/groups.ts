import type { Population } from './population';

/** A member that is no user of the population: machines, nested groups, strangers. */
export interface OtherMember {
  id: string;
  type: string;
  displayName: string;
}

/** A user by row, or something else. */
export type Member = number | OtherMember;

export interface Group {
  id: string;
  uuid: string;
  displayName: string;
  createdAt: number;
  modifiedAt: number;
  members: Member[];
  /** `user` or `location`, as SCIM says it. */
  usage: string;
  provisionSource: string;
  /** Unknown fields of an imported group. */
  fields: Record<string, unknown>;
}

interface Lag {
  member: Member;
  operation: 'add' | 'remove';
  visibleAt: readonly number[];
}

/** All groups in order of creation, and memberships that replicas don't show yet. */
export class Groups {
  readonly all = new Map<string, Group>();
  private readonly lags = new Map<string, Lag[]>();

  constructor(private readonly people: Population) {}

  add(group: Group): void {
    this.all.set(group.uuid, group);
  }

  remove(uuid: string): void {
    this.all.delete(uuid);
    this.lags.delete(uuid);
  }

  has(group: Group, member: Member): boolean {
    return group.members.some((one) => sameMember(one, member));
  }

  /** True where it changed anything. */
  setMember(
    group: Group,
    member: Member,
    operation: 'add' | 'remove',
    visibleAt: readonly number[] | null,
  ): boolean {
    const at = group.members.findIndex((one) => sameMember(one, member));
    if ((operation === 'add') === at >= 0) return false;
    if (operation === 'add') group.members.push(member);
    else group.members.splice(at, 1);
    if (visibleAt) {
      const lags = this.lags.get(group.uuid) ?? [];
      lags.push({ member, operation, visibleAt });
      this.lags.set(group.uuid, lags);
    }
    return true;
  }

  /** The members that this replica shows: the truth, with what hasn't arrived undone. */
  seen(group: Group, replica: number, now: number): readonly Member[] {
    const lags = this.lags.get(group.uuid);
    const members = lags ? this.undo(group, lags, replica, now) : group.members;
    return members.filter(
      (member) => typeof member !== 'number' || this.people.seen(member, replica, now).exists,
    );
  }

  private undo(group: Group, lags: Lag[], replica: number, now: number): Member[] {
    const open = lags.filter((lag) => lag.visibleAt.some((at) => at > now));
    if (open.length === 0) this.lags.delete(group.uuid);
    else this.lags.set(group.uuid, open);
    const members = [...group.members];
    for (const lag of open.toReversed()) {
      if ((lag.visibleAt[replica] ?? 0) <= now) continue;
      const at = members.findIndex((one) => sameMember(one, lag.member));
      if (lag.operation === 'add' && at >= 0) members.splice(at, 1);
      if (lag.operation === 'remove' && at < 0) members.push(lag.member);
    }
    return members;
  }
}

/** A group without its members. */
export function headOf(group: Group): Omit<Group, 'members'> {
  const { id, uuid, displayName, createdAt, modifiedAt, usage, provisionSource, fields } = group;
  return { id, uuid, displayName, createdAt, modifiedAt, usage, provisionSource, fields };
}

function sameMember(a: Member, b: Member): boolean {
  if (typeof a === 'number' || typeof b === 'number') return a === b;
  return a.id === b.id;
}
