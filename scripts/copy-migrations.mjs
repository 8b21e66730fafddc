/** SQL isn't TypeScript: the compiler leaves it behind. */
import { cpSync } from 'node:fs';

cpSync('src/db/migrations', 'dist/db/migrations', { recursive: true });
