import type { Sentence } from './sentences.ts'

/** What the model says under The life of a deployment. */
export const lifeOfADeployment: readonly Sentence[] = [
  [
    'the table of arrows, present and missing',
    'from ${from}: every arrow that is there, and none that is not',
  ],
  [
    'at most one runs in an environment',
    'the store itself refuses a second one, in whichever states, unless a caller drives it',
  ],
  ['busy: wait or refuse, decided under a row lock', 'of many that will not wait, one gets the environment'],
  [
    'busy counts every deployment that is not over and whose time has come',
    'a schedule whose time has come makes busy, and so does one that waits at a lock',
  ],
  ['shut: wait or refuse', "a user's lock refuses who will not wait at it; a schedule never refuses"],
  [
    'a deployment lost while planning is queued again',
    'a deployment lost while ${state} runs again at the next start',
  ],
  ['after a loss: repeat', 'a deployment lost while ${state} runs again at the next start'],
  ['after a loss: look', 'lost after the receiver took it, its status is asked for and it is not told twice'],
  [
    'after a loss: never',
    'in ${rounds} environments whose process is killed: command and children are gone, the outcome is unknown, the next goes on, never two at once',
  ],
  [
    'the intent is stored before every effect on the outside',
    'stopped while the receiver hangs, the next process tells it again, with the same webhook-id',
  ],
  ['on_item_failure stop: nothing is done', '${found} stops a deployment: nothing is done'],
  [
    'on_item_failure continue: the rest is done in one transaction',
    '${found} is left out of a deployment that continues',
  ],
  [
    'never torn by a crash',
    'killed ${rounds} times amid creates, deploys, rollbacks and schedules, nothing is lost or done twice',
  ],
  [
    'inline: the use-case moves it in the caller’s transaction; a shut gate keeps it inactive with its blockers',
    "the inline driver moves a deployment in its caller's transaction, or keeps it with what is shut",
  ],
  [
    'caller: eight words in any order, outside the index',
    'the eight words of a caller come in any order, outside the index of what runs',
  ],
  [
    'no gate stops a report; a shut one is told as reported_despite',
    'no gate stops a report; a shut one is told as reported_despite',
  ],
  [
    'an environment without an executor is driven by its caller',
    'a deployment to an environment without an executor is driven by its caller',
  ],
  [
    'a report on what the engine drives is the run’s, except for a command',
    'a report on what the engine drives is the run’s report, except for a command',
  ],
  [
    'due times are rows claimed by the clock',
    'a scheduled deployment waits for its time, and starts when the clock says so',
  ],
  [
    'a scheduled deployment is planned when requested and again at its time',
    'a scheduled deployment is planned when it is asked for, and again at its time',
  ],
  [
    'approval is accepted before its time',
    'approval is accepted while it waits for its time: the same digest keeps it, any other voids it',
  ],
  ['late by at most X, else skipped and told', 'a deployment that missed its time starts, or says why not'],
  [
    'approving looks at all gates again',
    'approving looks at all gates again: it waits on where it would wait, and is refused where it would not',
  ],
  [
    'an unanswered approval expires',
    'an unanswered approval expires, also when the clock jumps, and lets the next one in',
  ],
  ['a rollback cancels what awaits approval', 'a rollback cancels what awaits approval'],
  [
    'canceling: stopped, lost, too late',
    'a command that ends well although it was to stop was too late to be canceled',
  ],
]
