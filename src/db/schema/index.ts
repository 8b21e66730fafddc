/** The tables, as Drizzle sees them. SQL migrations are generated from here (`npx drizzle-kit generate`). */
export * from './administration';
export * from './around-a-rollout';
export * from './belief';
export * from './csv';
export * from './directory';
export * from './ledger';
export * from './mirror';
export * from './provenance';
export * from './rollout';
export * from './rollout-row';
export * from './tally';
export * from './template';
export * from './watch';
