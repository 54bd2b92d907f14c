import type { Store } from '#store/store.ts'
import type { Figure } from './read-figures.ts'

/** How many connections to the store there are, by what they do; none where it has no connections. */
export function poolFigures({ pool }: Pick<Store, 'pool'>): Figure[] {
  const values = Object.entries(pool?.() ?? {}).map(([state, value]) => ({ labels: { state }, value }))
  return [{ name: 'headgate_pool_connections', help: 'Connections to PostgreSQL', labels: ['state'], values }]
}
