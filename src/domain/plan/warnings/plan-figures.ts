import type { PlanSummary } from '../plan-summary';

/** The summary of a plan without its warnings. */
export type PlanFigures = Omit<PlanSummary, 'warnings'>;
