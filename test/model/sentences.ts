/**
 * What the model says of every kind of project, sentence by sentence, each with the title of the test that holds the
 * house to it. model.test.ts looks the titles up.
 */
export const sentences: Record<string, readonly [said: string, title: string][]> = {
  nouns: [
    ['a project has a unique key', 'a key is made from any name, and given once'],
    [
      'a project’s name is its key unless it says another; it has one kind',
      'a project is made, read, changed and listed',
    ],
    [
      'an environment has a name, a tier, a parent, a way to deploy and protections',
      'environments are made, read, changed and listed in the order in which they came',
    ],
    ['a parent is an order only', 'a parent is of the same project, and the order runs in no circle'],
    ['requires_parent makes it a gate', 'a required parent is a gate: it compares what was proven there'],
    [
      'live is kept per item, with the deployment that put it there',
      'a release is brought to an environment, with a result for every item',
    ],
    [
      '"E is at R" is derived: wholly, partly, not',
      'an environment is wholly at what was just brought to it',
    ],
    [
      'a release is a named set of items, open or locked',
      "under a user's lock nothing changes but the lock; what is put back as it was is no change",
    ],
    [
      'a revision is numbered and immutable; an equal digest is the same revision',
      'the same items are the same revision; other items are the next one',
    ],
    ['its digest is SHA-256 over canonical JSON', 'the digest is SHA-256 over canonical JSON, and stays so'],
    [
      'a deployment pins its revision when it is requested',
      'a deployment keeps the revision of its request, whatever is pinned later',
    ],
    [
      'a change set leaves alone what it does not name',
      'a change set brings what it names and leaves alone what it does not',
    ],
    [
      'a whole state removes what it does not name',
      'a whole state brings what it names and removes the rest',
    ],
    [
      'a selective deployment is a change set',
      'any selective deployment is a change set: what it does not name stays untouched',
    ],
    [
      'a plan is the ordered changes, computed from live, with before, after and undo',
      'a change says what was there, and how it is put back',
    ],
    ['a plan has a digest', 'two plans have the same digest when they do the same, and only then'],
    [
      'a stored plan can be deployed, and applies exactly that or fails as stale',
      'a deployment of a plan applies exactly that plan or fails with plan_stale, having changed nothing',
    ],
    ['a dry run stops at the plan', 'a dry run ends planned and changes nothing'],
    [
      'rolling back makes a new revision, for a change set from each recorded before',
      'a rollback restores what was changed, unpublishes what was added, and puts back what went',
    ],
    [
      'what differs from what was left is a conflict, listed and left',
      'what something else changed since is told, and left',
    ],
    [
      'a whole state goes back to what was live before',
      'a whole state goes back to all that was live before',
    ],
    ['a rollback has a plan first', 'a dry run of a rollback is a plan'],
    [
      'a rollback can itself be rolled back',
      'a rollback is put back by its name, and what it had put back can be put back again',
    ],
    [
      'an item is uncertain when a deployment that reached applying did not succeed',
      'one that must not be repeated fails, its outcome unknown and its items uncertain',
    ],
    ['no plan calls an uncertain item unchanged', 'nothing uncertain is ever called unchanged'],
    [
      'no shortcut skips an uncertain item',
      'no plan calls an uncertain item unchanged, and no shortcut skips it; a success clears it',
    ],
    ['code is never unchanged', 'code is never unchanged: every accepted deployment of it runs'],
    [
      'a shut gate has a code, a sentence, who can open it and when at the earliest',
      'every gate is told, the shut ones with a reason code, a sentence and who can open it',
    ],
    [
      'freeze windows are recurrences with a time zone',
      'a freeze across daylight saving keeps its local start and its elapsed length, both ways',
    ],
    [
      'an emergency freeze has a reason, an author and an expiry',
      'a freeze of the project stops all its environments',
    ],
    [
      'a parent compares what was proven there',
      'a required parent is a gate: it compares what was proven there',
    ],
    [
      'approval is of N people, not the author',
      'approval of N people, not the author, bound to the plan’s digest',
    ],
    [
      'a new plan with the same digest keeps approvals, any other voids them',
      'approval is accepted while it waits for its time: the same digest keeps it, any other voids it',
    ],
    [
      'an override needs the right and a reason, and is an event',
      'an override needs the right and a reason, and is an event',
    ],
    ['a lock stops edits of a release', 'the lock of a ${by} keeps the items as they are'],
    ["only a user's lock is a gate", "a user's lock is a gate, that of a deployment is not"],
    [
      'what a deployment locked can be deployed again',
      'a deployment may leave its release locked against edits; that lock stops no deployment',
    ],
    [
      'a rollback sets a hold that names what it rolled back from',
      'a rollback sets a hold on its environment, which stops automation and the revision it names',
    ],
    [
      'a hold stops automation, and requests for what it names',
      'a rollback sets a hold on its environment, which stops automation and the revision it names',
    ],
    [
      'a rollback passes the hold and renames it',
      'a rollback always passes the hold, and renames it; a freeze still stops it',
    ],
    [
      'a request for several environments makes one deployment each, under one request id',
      'one request for several environments is a deployment each, under one id, and they run side by side',
    ],
    [
      'publishing directly is a deployment of an unnamed one-shot release',
      'publishing directly is a deployment of an unnamed release: same gates, plan and events',
    ],
    [
      'a run is an invocation of an executor that is no deployment; same engine, log, cancel',
      'a run is an invocation of an executor that is no deployment: same engine, log and cancel',
    ],
    [
      'events are append-only and sealed in order, in batches, by one reader',
      'what is committed is sealed once, in order, batch by batch',
    ],
    [
      'no writer waits on the chain',
      'no writer waits on the chain: events are written while somebody seals, and sealed later',
    ],
    [
      'audit, stream, webhooks and metrics are readings of the events',
      'what is to be watched is there for whoever may read events of the instance, and for nobody else',
    ],
    [
      'a principal has a role per instance or per project',
      'a role on one project says nothing on another, nor on the instance',
    ],
    ['an agent never approves and never overrides', 'an agent never approves and never overrides'],
    ['the author of what a token does is the token’s user', 'a token acts for its user, within its limits'],
    ['the table of who may what', 'what ${role} may, and what not'],
    ['roles add up', 'roles add up, and nobody may anything without one'],
    ['scopes name actions and only narrow', 'scopes and limits of a token only narrow'],
  ],
  'life of a deployment': [
    [
      'the table of arrows, present and missing',
      'from ${from}: every arrow that is there, and none that is not',
    ],
    [
      'at most one runs in an environment',
      'the store itself refuses a second one, in whichever states, unless a caller drives it',
    ],
    [
      'busy: wait or refuse, decided under a row lock',
      'of many that will not wait, one gets the environment',
    ],
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
    [
      'after a loss: look',
      'lost after the receiver took it, its status is asked for and it is not told twice',
    ],
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
  ],
  'native API': [
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
  ],
}
