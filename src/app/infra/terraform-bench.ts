import { BlobMissingError } from '#ground/blobs.ts'
import { DomainError } from '#domain/errors.ts'
import { findEnvironment } from '#store/environment.ts'
import { findProject } from '#store/project.ts'
import { keepSealed, openSealed } from '../blobs/keep-sealed.ts'
import type { House } from '../context.ts'
import { letGoOfLock } from '../state/let-go-of-lock.ts'
import { stateCredential } from '../state/state-credential.ts'
import type { StateSubject } from '../state/state-caller.ts'
import { noteUnposted } from '../state/note-unposted.ts'
import { stateOf } from '../state/state-of.ts'
import { terraformRoot, type RootQuestion } from './terraform-root.ts'

/** What Terraform is run with. `url`: where this house is reached, as others say it. */
export function terraformBench(house: House, { url }: { url(): string | undefined }) {
  return {
    root: (question: RootQuestion) => terraformRoot(house, question),
    state: (environment_id: string) => stateOf(house, environment_id),
    async stateAccess(subject: StateSubject, attempt: number, environment_id: string) {
      const address = await addressOf(house, url(), environment_id)
      // Locking and unlocking are methods of their own, at the same address.
      const addresses = { address, lock_address: address, unlock_address: address }
      return { ...addresses, ...stateCredential(house, subject, attempt, environment_id) }
    },
    async letGoOfLock(environment_id: string, subject: StateSubject, attempt: number) {
      await letGoOfLock(house, environment_id, subject, attempt)
    },
    keep: (bytes: Uint8Array, context: string) => keepSealed(house, bytes, context),
    rescue: (environment_id: string, bytes: Uint8Array) => noteUnposted(house, environment_id, bytes),
    fingerprint: (text: string) => house.vault.fingerprint(text),
    async take(blob: string, context: string): Promise<Uint8Array | undefined> {
      try {
        return await openSealed(house, blob, context)
      } catch (error) {
        if (error instanceof BlobMissingError) return undefined
        throw error
      }
    },
  }
}

async function addressOf({ db }: House, url: string | undefined, environment_id: string): Promise<string> {
  const environment = await findEnvironment(db, environment_id)
  const project = environment && (await findProject(db, environment.project_id))
  if (!project) throw new DomainError('not_found', { what: 'environment', id: environment_id })
  if (url === undefined) throw new Error('HEADGATE_URL is not set: Terraform has to reach its state there')
  const path = [project.key, environment.name].map((step) => encodeURIComponent(step)).join('/')
  return `${url.replace(/\/$/, '')}/terraform-state/${path}`
}
