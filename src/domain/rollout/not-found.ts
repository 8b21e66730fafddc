import { counted } from '../model/text/wording';
import { believe, plausibleDropPercent } from '../watch/believe';

/** The users of a wave whom nobody has written yet, and of these, whom two reads didn't find. */
export interface NotFoundUsers {
  wave: number;
  of: number;
  missing: number;
}

const unbelievable = 'That is too many to be believed.';

/** Why a person must look before these users count as gone (R88), with both figures. */
export function doubtOfNotFound({ wave, of, missing }: NotFoundUsers): string {
  const where = wave === 0 ? 'the pilot' : `wave ${wave}`;
  return (
    `Webex did not find ${missing} of ${counted(of, 'user')} of ${where}, in two reads. ` +
    `${unbelievable} Look in Control Hub whether they are gone. ` +
    'If Webex still answers the same after a resume, they count as gone.'
  );
}

/** Whether a rollout halted for this reason: whoever resumes it accepts the figures. */
export function isDoubtOfNotFound(reason: string): boolean {
  return reason.includes(unbelievable);
}

/** `isAccepted`: a person has seen these figures and resumed the rollout. */
export function believesNotFound({ of, missing }: NotFoundUsers, isAccepted: boolean): boolean {
  const { takes } = believe(
    { before: of, now: of - missing, missing, missingTwice: 0 },
    {
      acceptedMissing: isAccepted ? missing : null,
      saysEmpty: true,
      emptyIsADrop: true,
      otherSource: null,
    },
    plausibleDropPercent,
  );
  return takes === 'all';
}
