import type { FreshPlace } from '../test/fresh-store.ts'
import { tableOf, type Figure } from './figure.ts'

/** Measures one thing on a PostgreSQL of its own and prints it: what a bench file does that is called by itself. */
export async function printAlone(measure: (place: FreshPlace) => Promise<Figure[]>): Promise<void> {
  const { freshPlace } = await import('../test/fresh-store.ts')
  const { startPostgres } = await import('../test/postgres.ts')
  const cluster = await startPostgres()
  process.env.HEADGATE_TEST_DATABASE_URL = cluster.url
  const place = await freshPlace('postgres')
  try {
    console.log(tableOf(await measure(place)))
  } finally {
    await place.remove()
    await cluster.stop()
  }
}
