import type { EndpointTable } from './endpoint.ts'

const one = '/releases/:release'

/** Releases and their items, with the singular addresses that the vendor's SDKs fall into (section 0, 8). */
export const releases = {
  list: { method: 'GET', path: '/releases', needs: 'stack', source: '2.2 row 1', state: 'done' },
  create: { method: 'POST', path: '/releases', needs: 'stack', source: '2.2 row 2', state: 'done' },
  get: { method: 'GET', path: one, needs: 'stack', source: '2.2 row 3', state: 'done' },
  update: { method: 'PUT', path: one, needs: 'stack', source: '2.2 row 4', state: 'done' },
  remove: { method: 'DELETE', path: one, needs: 'stack', source: '2.2 row 5', state: 'done' },
  items: { method: 'GET', path: `${one}/items`, needs: 'stack', source: '2.2 row 6', state: 'done' },
  itemsAlias: { method: 'GET', path: `${one}/item`, needs: 'stack', source: '0 (8)', state: 'done' },
  addItem: { method: 'POST', path: `${one}/item`, needs: 'stack', source: '2.2 row 7', state: 'done' },
  addItems: { method: 'POST', path: `${one}/items`, needs: 'stack', source: '2.2 row 8', state: 'done' },
  updateItems: {
    method: 'PUT',
    path: `${one}/update_items`,
    needs: 'stack',
    source: '2.2 row 9',
    state: 'done',
  },
  removeItems: {
    method: 'DELETE',
    path: `${one}/items`,
    needs: 'stack',
    source: '2.2 rows 10 and 11',
    state: 'done',
  },
  removeItem: {
    method: 'DELETE',
    path: `${one}/item`,
    needs: 'stack',
    source: '2.2 row 12',
    state: 'partial',
    missing: 'variants of an entry',
  },
  moveItems: {
    method: 'PUT',
    path: `${one}/items/move`,
    needs: 'stack',
    source: '2.2 row 13',
    state: 'absent',
  },
  moveItemsAlias: {
    method: 'PUT',
    path: `${one}/item/move`,
    needs: 'stack',
    source: '0 (8)',
    state: 'absent',
  },
  moveItemsByPost: {
    method: 'POST',
    path: `${one}/items/move`,
    needs: 'stack',
    source: '2.2 row 13 (Java, Python)',
    state: 'absent',
  },
  deploy: { method: 'POST', path: `${one}/deploy`, needs: 'stack', source: '2.2 row 14', state: 'done' },
  clone: { method: 'POST', path: `${one}/clone`, needs: 'stack', source: '2.2 row 15', state: 'done' },
} as const satisfies EndpointTable
