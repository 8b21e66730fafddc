/** Copies the migrations into dist: the compiler copies only TypeScript. */
import { cpSync } from 'node:fs';

cpSync('src/db/migrations', 'dist/db/migrations', { recursive: true });
