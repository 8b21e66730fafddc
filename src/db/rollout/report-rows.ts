import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Change } from '../../domain/model/change';
import type { Note } from '../../domain/model/note';
import type { Holdings } from '../../domain/model/user';
import type { SignInState } from '../../domain/rollout/activation';
import type { Queryable } from '../connect';
import { rolloutRow } from '../schema';
import { sharedJson } from '../shared-json';
import { integerList } from '../sql';
import { signInOf, signInState } from './sign-in';

/** What many users of a rollout have in common: for all of them it is the same object. */
export interface ReportContent {
  before: Holdings;
  changes: Change[];
  refused: Change[] | null;
  waiting: Change[];
  kept: Note[];
  blocked: Note[];
}

/** Contents that a report keeps at the same time. */
const mostKept = 2_000;
/** How often a page is read that another plan replaces meanwhile. */
const mostAttempts = 5;

const contentColumns = ['before', 'changes', 'kept', 'blocked', 'waiting'] as const;

/** What the row has of its own wins over the content that it names. */
const own = [
  rolloutRow.ownBefore,
  rolloutRow.ownChanges,
  rolloutRow.ownKept,
  rolloutRow.ownBlocked,
  rolloutRow.ownWaiting,
  rolloutRow.refused,
];

/** As one text, a line per column: PostgreSQL writes no line ends into JSON. Null: it has nothing. */
const ownText = sql<string | null>`CASE WHEN num_nonnulls(${sql.join(own, sql`, `)}) > 0
  THEN concat_ws(E'\n', ${sql.join(
    own.map((column) => sql`coalesce(${column}::text, '')`),
    sql`, `,
  )}) END`;

const rowColumns = {
  seq: rolloutRow.seq,
  personId: rolloutRow.personId,
  email: rolloutRow.email,
  displayName: rolloutRow.displayName,
  outcome: rolloutRow.outcome,
  wave: rolloutRow.wave,
  detail: rolloutRow.detail,
  attempts: rolloutRow.attempts,
  writtenAt: rolloutRow.writtenAt,
  convergedAt: rolloutRow.convergedAt,
  trackingId: rolloutRow.trackingId,
};

/** A user as a report shows them, and what the last read showed of their signing in. */
export type ReportRow = Pick<typeof rolloutRow.$inferSelect, keyof typeof rowColumns> &
  SignInState & { content: ReportContent };

/** Reads the rows of a rollout for its report, in order of service, page after page. */
export function reportRows(
  db: Queryable,
  rolloutId: string,
): (page: { afterSeq: number; limit: number }) => Promise<ReportRow[]> {
  const contents = new SharedContents(db, rolloutId);
  return async (page) => {
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      const rows = await readRows(db, rolloutId, page);
      // Between two statements the rollout may have been planned again: the page is read again then.
      if (await contents.read(rows)) {
        return rows.map(({ signIn, ...row }) => ({
          ...row,
          ...signInState(signIn),
          content: contents.of(row.no, row.own),
        }));
      }
    }
    throw new Error(`the contents of rollout ${rolloutId} don't match its rows`);
  };
}

interface StoredContent extends ReportContent, Record<string, unknown> {
  no: number;
  plan: string;
}

/** Tells plans of a rollout apart: their contents are numbered anew. */
const planOf = (rolloutId: string) =>
  sql<string>`(SELECT concat_ws(' ', r.digest, r.expires_at) FROM rollout r WHERE r.rollout_id = ${rolloutId})`;

function readRows(
  db: Queryable,
  rolloutId: string,
  { afterSeq, limit }: { afterSeq: number; limit: number },
) {
  return db
    .select({
      ...rowColumns,
      no: rolloutRow.content,
      own: ownText,
      plan: planOf(rolloutId),
      signIn: signInOf(rolloutRow),
    })
    .from(rolloutRow)
    .where(and(eq(rolloutRow.rolloutId, rolloutId), gt(rolloutRow.seq, afterSeq)))
    .orderBy(asc(rolloutRow.seq))
    .limit(limit);
}

/** The contents of a page and of pages before it, bounded. */
class SharedContents {
  private plan: string | undefined;
  private byNumber = new Map<number, ReportContent>();
  private changed = this.shared();

  constructor(
    private readonly db: Queryable,
    private readonly rolloutId: string,
  ) {}

  /** False: these rows are of another plan than what is stored by now. */
  async read(rows: readonly { no: number | null; plan: string }[]): Promise<boolean> {
    const plan = rows[0]?.plan;
    if (plan !== this.plan || this.byNumber.size > mostKept) {
      this.plan = plan;
      this.byNumber = new Map();
      this.changed = this.shared();
    }
    const unknown = new Set(rows.flatMap(({ no }) => no ?? []));
    for (const no of this.byNumber.keys()) unknown.delete(no);
    if (unknown.size === 0) return true;
    const { rows: found } = await this.db.execute<StoredContent>(sql`
      SELECT content AS no, ${planOf(this.rolloutId)} AS plan, before, changes,
        NULL::jsonb AS refused, waiting, kept, blocked
      FROM rollout_content
      WHERE rollout_id = ${this.rolloutId} AND content IN ${integerList([...unknown])}`);
    if (found.length < unknown.size || found[0]?.plan !== plan) return false;
    for (const content of found) this.byNumber.set(content.no, content);
    return true;
  }

  private shared(): (key: string) => ReportContent {
    return sharedJson(mostKept, (key) => this.merge(key));
  }

  /** Of a row that names this content, null: none; `own`: as `ownText` has it. */
  of(no: number | null, own: string | null): ReportContent {
    return own === null ? this.named(no) : this.changed(`${no ?? ''}\n${own}`);
  }

  private named(no: number | null): ReportContent {
    const content = no === null ? undefined : this.byNumber.get(no);
    if (!content) throw new Error(`content ${no} of rollout ${this.rolloutId} is not stored`);
    return content;
  }

  private merge(key: string): ReportContent {
    const [no = '', ...lines] = key.split('\n');
    const names = [...contentColumns, 'refused'] as const;
    const own = names.flatMap((name, at) => {
      const text = lines[at] ?? '';
      return text === '' ? [] : [[name, JSON.parse(text) as unknown]];
    });
    const base = no === '' ? { refused: null } : this.named(Number(no));
    return { ...base, ...Object.fromEntries(own) } as ReportContent;
  }
}
