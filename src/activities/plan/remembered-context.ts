import type { UserRef } from '../../contract/activities';
import type { Queryable } from '../../db/connect';
import type { CandidateQuery } from '../../db/plan/read-candidates';
import type { PlanContext } from '../../domain/kinds/plan-context';
import type { RolloutRequest } from '../../domain/request/rollout-request';
import { candidateQuery } from './candidate-query';
import { readContext } from './read-context';
import { templatesToday } from './templates-to-plan';

/** Everything that a decision is made from, except the user. */
export interface DecisionBasis {
  context: PlanContext;
  query: CandidateQuery;
}

/** What directory checks find is minutes old anyway: it may be this much older. */
const rememberedMs = 5_000;
const mostRollouts = 20;

/**
 * After settings are saved in the middle of a wave, each of its users is decided again (R101). What they
 * are decided from is read once per rollout and version of templates and settings, not once per user.
 */
export class RememberedContext {
  private readonly known = new Map<
    string,
    { mark: string; readAtMs: number; basis: DecisionBasis }
  >();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** `mark`: of templates and settings, as this transaction sees them. */
  async read(
    tx: Queryable,
    user: UserRef,
    { mark, request }: { mark: string; request: RolloutRequest },
  ): Promise<DecisionBasis> {
    const { orgId, rolloutId } = user;
    const known = this.known.get(rolloutId);
    if (known?.mark === mark && this.nowMs() - known.readAtMs < rememberedMs) return known.basis;
    const readAtMs = this.nowMs();
    const templates = await templatesToday(tx, user, request.change);
    const context = await readContext(tx, { orgId, request, templates });
    const basis = { context, query: await candidateQuery(tx, user, context) };
    if (!this.known.has(rolloutId) && this.known.size >= mostRollouts) this.known.clear();
    this.known.set(rolloutId, { mark, readAtMs, basis });
    return basis;
  }
}
