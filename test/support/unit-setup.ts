/**
 * A minute a test, and random cases that are the same in every run: what fails once fails again.
 * `CASES=any` tries others; fast-check then says the seed.
 */
import fc from 'fast-check';

jest.setTimeout(60_000);
if (process.env.CASES !== 'any') fc.configureGlobal({ seed: 20_261_123 });
