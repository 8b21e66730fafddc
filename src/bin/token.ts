/** `npm run token`: mints an API token and prints the line that SEATWISE_TOKENS takes for it. */
import { parseArgs } from 'node:util';
import { mintToken } from '../api/http/tokens';
import { roles } from '../roles';
import { runEntry, UsageError } from './run-entry';

const help = `Usage: npm run token -- --name NAME [--role ${roles.join('|')}]

Mints a token for one caller of the API. Give the token to the caller, and add the line to
SEATWISE_TOKENS (entries are separated by commas). The token itself is kept nowhere.`;

runEntry(({ say }) => {
  const { values } = parseArgs({
    options: {
      name: { type: 'string' },
      role: { type: 'string', default: 'viewer' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(help);
    return 0;
  }
  const role = roles.find((known) => known === values.role);
  if (!role) throw new UsageError(`--role must be one of ${roles.join(', ')}.`);
  if (!values.name || !/^[^:,\s]+$/.test(values.name)) {
    throw new UsageError('--name must be one word without ":" and ",": who will use the token.');
  }
  const { token, hashLine } = mintToken(values.name, role);
  say(`Token:            ${token}`);
  say(`SEATWISE_TOKENS:  ${hashLine}`);
  return 0;
});
