import type { Sentence } from './sentences.ts'

/** What the model says under Native API. */
export const nativeApi: readonly Sentence[] = [
  ['described by OpenAPI 3.1', 'every route is described, with what it takes, answers and refuses'],
  ['problems of RFC 9457 with code and blockers', 'what is shut says why, who can open it and when'],
  ['If-Match binds: 412', 'If-Match on what changed answers 412, and nothing is changed'],
  [
    'an Idempotency-Key binds: the same answer, 409, 422',
    'the same key and the same request: done once, answered twice',
  ],
  ['keyset pages', 'newest first, after the last one seen'],
  ['RateLimit headers', 'our own door always sends RateLimit headers, a vendor’s its own'],
  ['live and ready need no token', 'live and ready need no token'],
  [
    'lists are items and next; creating answers 201',
    'projects and environments are made, listed, changed and removed',
  ],
  [
    'what a gate or a busy environment refuses answers 409 with blockers',
    'every request says when_shut, wait or refuse',
  ],
  ['configuration: POST, dry run', 'headgate apply prints the diff, and nothing when nothing changed'],
  ['catalogue: browse and search', 'the catalogue is browsed and searched, and says where an item is live'],
  [
    'releases with items, revisions, lock, clone',
    'a release is filled, locked, cloned and bound to the version that was read',
  ],
  ['releases: conflicts', 'conflicts are told before they happen'],
  [
    'releases: diff against a revision or live',
    'diff?against= a revision, another release, or live in an environment',
  ],
  [
    'releases: changelog',
    'changelog?environment= tells what deploying it there would bring, with the versions in between',
  ],
  [
    'deployments by release or plan with their terms',
    'a stored plan is read by its id and deployed as it is, once',
  ],
  ['deployments: approve, reject', 'two people approve a plan by its digest, the author and agents never'],
  ['deployments: cancel', 'canceling, from every state'],
  [
    'deployments: retry',
    'retry is a new deployment of the same revision on the same terms, of the failed items only',
  ],
  [
    'deployments: log, as pages or a stream',
    'megabytes are kept line by line, packed into a blob at the end, and read on from there by position',
  ],
  ['live, item by item', 'what is live is listed by key, page by page'],
  [
    'why: every gate, who, when',
    'why tells every gate, who can open it, the earliest time and the place, also for a moment in the future',
  ],
  ['rollback', 'a release is planned, deployed, and rolled back'],
  ['freeze', 'a freeze window is checked, shown, and lifted with a reason'],
  ['hold', 'a rollback holds its environment until somebody releases it'],
  ['runs', 'an environment is checked by its own executor, and nothing is deployed'],
  [
    'calendar and its feed',
    'the calendar shows schedules, freezes, holds and what was deployed; a calendar client reads it as a feed',
  ],
  [
    'insights',
    'insights count what changed something: frequency, lead time, failures, time to restore, rework',
  ],
  ['events: pages', 'what happened can be read, and verifies'],
  [
    'events: SSE with Last-Event-ID',
    'events by SSE: from now on, with Last-Event-ID what came after, each once and in order',
  ],
  ['audit/verify', 'whatever is done to any sealed event, its position is found'],
  [
    'webhooks: signatures, delivery log, replay',
    'webhooks carry Standard Webhooks signatures, by both secrets while one is replaced',
  ],
  ['tokens and users', 'users and tokens are made, narrowed and taken away'],
  ['session', 'one signs in by password, by Basic and by token'],
  ['backup', 'headgate backup and headgate restore carry an installation over, and harm no other'],
]
