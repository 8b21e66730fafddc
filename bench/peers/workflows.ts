/** What the workers of the bench host: the product's workflows, and the peers'. */
export * from '../../src/workflows';
export { fanOut } from './fan-out';
export { writeOneUser } from './write-one-user';
