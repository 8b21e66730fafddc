import { defineSearchAttributeKey } from '@temporalio/common';

export const orgAttribute = defineSearchAttributeKey('SeatwiseOrg', 'KEYWORD');

export const phaseAttribute = defineSearchAttributeKey('SeatwisePhase', 'KEYWORD');

export const templateAttribute = defineSearchAttributeKey('SeatwiseTemplate', 'KEYWORD');

export const totalAttribute = defineSearchAttributeKey('SeatwiseTotal', 'INT');

export const failedAttribute = defineSearchAttributeKey('SeatwiseFailed', 'INT');
