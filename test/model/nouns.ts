import type { Sentence } from './sentences.ts'

/** What the model says under Nouns. */
export const nouns: readonly Sentence[] = [
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
  ['"E is at R" is derived: wholly, partly, not', 'an environment is wholly at what was just brought to it'],
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
  ['a whole state removes what it does not name', 'a whole state brings what it names and removes the rest'],
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
  ['a whole state goes back to what was live before', 'a whole state goes back to all that was live before'],
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
]
