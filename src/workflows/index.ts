export { rollout } from './rollout';
export { applyShard } from './apply-shard';
export { verifyPropagation } from './verify-propagation';
export { retryFailed } from './retry-failed';
export { observeDirectory } from './observe-directory';
export { readMembers } from './read-members';
export { watchDirectory } from './watch-directory';
