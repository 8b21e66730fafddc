import { defineSearchAttributeKey } from '@temporalio/common';

export const orgAttribute = defineSearchAttributeKey('SeatwiseOrg', 'KEYWORD');

export const phaseAttribute = defineSearchAttributeKey('SeatwisePhase', 'KEYWORD');

export const templateAttribute = defineSearchAttributeKey('SeatwiseTemplate', 'KEYWORD');

export const totalAttribute = defineSearchAttributeKey('SeatwiseTotal', 'INT');

export const failedAttribute = defineSearchAttributeKey('SeatwiseFailed', 'INT');

/** All of them: a namespace must know them, or a workflow that sets one gets stuck. */
export const searchAttributes = [
  orgAttribute,
  phaseAttribute,
  templateAttribute,
  totalAttribute,
  failedAttribute,
] as const;
