/** Faults that an answer lists one by one; further ones are only counted. */
export const faultsListed = 100;
