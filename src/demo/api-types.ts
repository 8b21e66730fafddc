/** The parts of the API's answers that the demonstration reads. */
import type { Holdings } from '../domain/model/user';
import type { Entitlement } from '../domain/model/template';
import type { Service } from '../domain/model/license';
import type { Outcome } from '../domain/model/outcome';
import type { PlanRow, PlanSummary } from '../domain/plan/plan-summary';
import type { Action, Phase } from '../domain/rollout/rollout-phase';

export interface Organization {
  orgId: string;
  displayName: string;
  observedAt: string | null;
}

export interface License {
  licenseId: string;
  offer: string;
  label: string;
  service: Service;
  name: string;
  site: string | null;
  subscriptionId: string | null;
  totalUnits: number;
  consumedUnits: number | null;
  unitsLeft: number | null;
}

export interface Group {
  groupId: string;
  displayName: string;
  memberSize: number | null;
  isLocation: boolean;
}

export interface SavedTemplate {
  template: { templateId: string; name: string };
  warnings: { text: string }[];
}

export interface Rollout {
  rolloutId: string;
  title: string;
  phase: Phase;
  phaseReason: string | null;
  digest: string | null;
  summary: PlanSummary | null;
  counts: Partial<Record<Outcome, { users: number; href: string }>>;
  total: number;
  allowedActions: Action[];
  refusedActions: Partial<Record<Action, string>>;
  pace: { writesPerSecond: number };
  links: { self: string; users: string; report: string; temporal: string | null };
}

export type RolloutUser = PlanRow & { personId: string; before: Holdings; detail: string | null };

export interface RolloutProgress {
  phase: Phase;
  paused: boolean;
  wave: number | null;
  waves: number;
  waitingFor: string | null;
  counts: Partial<Record<Outcome, number>>;
  total: number;
}

export interface TemplateDraft {
  group: Group | null;
  entitlements: Entitlement[];
}
