import type { AccountType } from './license';

/** One thing that a template grants. `accountType` is set exactly where `site` is. */
export interface Entitlement {
  offer: string;
  site?: string;
  accountType?: AccountType;
}

export type TemplateScope = { kind: 'organization' } | { kind: 'group'; groupId: string };

/** A template revision that led to something. */
export interface TemplateRef {
  templateId: string;
  revision: number;
  name: string;
}

/** One revision of a template, as decisions read it. */
export interface Template {
  templateId: string;
  scope: TemplateScope;
  name: string;
  revision: number;
  entitlements: Entitlement[];
}

/** How organization and group templates combine (R2, R4, R6). */
export type CompositionMode = 'exclusive' | 'union' | 'group-overrides-organization';
