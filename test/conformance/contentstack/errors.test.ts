import { test, type TestContext } from 'node:test'
import { DomainError, invalidField } from '#domain/errors.ts'
import { sayingOf } from '#surfaces/contentstack/errors.ts'

const uuid = '0192f0c1-0000-7000-8000-000000000000'

test('errors that clients branch on have the status and number of section 1.5', (t: TestContext) => {
  const numbers = (error: DomainError, route: string, by: Parameters<typeof sayingOf>[2] = 'authtoken') => {
    const { status, error_code, errors } = sayingOf(error, route, by)
    return [status, error_code, errors]
  }
  const notValid = ['is not valid.']
  const key = new DomainError('unauthenticated', { credential: 'project_key' })
  t.assert.deepEqual(numbers(key, '/v3/releases'), [412, 109, { api_key: notValid }])

  const token = new DomainError('unauthenticated', { credential: 'token' })
  t.assert.deepEqual(numbers(token, '/v3/releases'), [401, 105, { authtoken: notValid }])
  t.assert.deepEqual(numbers(token, '/v3/assets', 'access_token'), [401, 105, { access_token: notValid }])

  const password = new DomainError('unauthenticated', { credential: 'password' })
  const throttled = new DomainError('throttled', { retry_after_seconds: 30 })
  t.assert.deepEqual(numbers(password, '/v3/user-session').slice(0, 2), [422, 104])
  t.assert.deepEqual(
    sayingOf(throttled, '/v3/user-session', 'authtoken'),
    sayingOf(password, '/v3/user-session', 'authtoken'),
  )

  const absent = (what: 'release' | 'entry' | 'content type' | 'branch' | 'project') =>
    numbers(new DomainError('not_found', { what, id: uuid }), '/v3/releases')
  t.assert.deepEqual(absent('release'), [404, 141, { uid: notValid }])
  t.assert.deepEqual(absent('entry'), [422, 141, { uid: notValid }])
  t.assert.deepEqual(absent('content type'), [422, 118, { uid: notValid }])
  t.assert.deepEqual(absent('branch'), [422, 903, { branch: notValid }])
  t.assert.deepEqual(absent('project'), [412, 109, { api_key: notValid }])
})

test('a refused write has the number of its resource and the field as the vendor calls it', (t: TestContext) => {
  const say = (field: string, route: string) => {
    const { error_code, errors } = sayingOf(invalidField(field, 'not_unique', ''), route, 'authtoken')
    return [error_code, errors]
  }
  const taken = ['is not unique.']
  t.assert.deepEqual(say('release.name', '/v3/releases'), [141, { name: taken }])
  t.assert.deepEqual(say('items.3.uid', '/v3/releases/:release/items'), [141, { 'items.3.uid': taken }])
  t.assert.deepEqual(say('title', '/v3/content_types'), [115, { title: taken }])
  t.assert.deepEqual(say('fields.2.type', '/v3/content_types'), [115, { 'schema.2.data_type': taken }])
  t.assert.deepEqual(say('fields.2.name', '/v3/content_types'), [115, { 'schema.2.display_name': taken }])
  t.assert.deepEqual(say('fallback', '/v3/locales'), [248, { fallback_locale: taken }])
  const entries = '/v3/content_types/:content_type/entries'
  t.assert.deepEqual(say('entry.title', entries), [119, { title: taken }])
  t.assert.deepEqual(say('entry.type', `${entries}/:entry`), [119, { type: taken }], "a customer's field")
  t.assert.deepEqual(say('due_at', `${entries}/:entry/publish`), [141, { scheduled_at: taken }])
})

test('a message names the field, and what can be done about it', (t: TestContext) => {
  const say = (error: DomainError, route: string, reads = false) => {
    const { error_code, error_message } = sayingOf(error, route, reads ? 'access_token' : 'authtoken', reads)
    return [error_code, error_message]
  }
  const entries = '/v3/content_types/:content_type/entries'
  const wrong = invalidField('entry.price', 'invalid', 'It must be a number.')
  t.assert.deepEqual(say(wrong, entries), [119, 'The entry was refused. price: It must be a number.'])
  const unread = invalidField('environment', 'required', '')
  const asked = 'The request was refused. environment is a required field.'
  t.assert.deepEqual(say(unread, entries, true), [141, asked], 'nobody wrote an entry')
  const deep = invalidField('where.all.0.all.0', 'invalid', 'The pattern is no regular expression.')
  t.assert.deepEqual(Object.keys(sayingOf(deep, '/v3/assets', 'authtoken').errors ?? {}), ['query'])
  const state = { what: 'release', id: uuid, state: 'scheduled', action: 'deploy' } as const
  const scheduled = new DomainError('not_possible_now', state)
  t.assert.match(
    say(scheduled, '/v3/releases/:release/deploy').join(' '),
    /Unschedule it in the publish queue/,
  )
  t.assert.deepEqual(sayingOf(scheduled, '/v3/releases', 'authtoken').errors, { release: ['is scheduled.'] })
})

test('a field called like something of ours does no harm', (t: TestContext) => {
  const { errors } = sayingOf(invalidField('entry.__proto__', 'unknown', ''), '/v3/x/entries', 'authtoken')
  t.assert.deepEqual(Object.keys(errors ?? {}), ['__proto__'])
})
