import { ensureDatabase } from './servers';

export default ensureDatabase;
