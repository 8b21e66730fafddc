/** The workflows of the bench's workers: those of the product and of the peers. */
export * from '../../src/workflows';
export { fanOut } from './fan-out';
export { writeOneUser } from './write-one-user';
