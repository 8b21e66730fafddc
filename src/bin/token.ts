/** `npm run token`: makes an API token and prints it with its entry for SEATWISE_TOKENS. */
import { parseArgs } from 'node:util';
import { mintToken } from '../api/http/callers/tokens';
import { ErrorForPeople } from '../error-for-people';
import { roles } from '../roles';
import { runEntry } from './run-entry';

const help = `Usage: npm run token -- --name NAME [--role ${roles.join('|')}]

Makes a token for one caller of the API. Give the token to the caller, and add the printed entry
to SEATWISE_TOKENS (entries are separated by commas). The token itself is not stored.`;

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
  if (!role) throw new ErrorForPeople(`--role must be one of ${roles.join(', ')}.`);
  if (!values.name || !/^[^:,\s]+$/.test(values.name)) {
    throw new ErrorForPeople(
      '--name must be one word without ":" and ",", for example the name of the caller.',
    );
  }
  const { token, hashLine } = mintToken(values.name, role);
  say(`Token:            ${token}`);
  say(`SEATWISE_TOKENS:  ${hashLine}`);
  say(
    `Add this entry to SEATWISE_TOKENS of the API; entries are separated by commas. Its role is ${role}.`,
  );
  return 0;
});
