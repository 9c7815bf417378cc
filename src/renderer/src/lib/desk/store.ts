/** What waits to be stored outlives the tab and the browser: in IndexedDB, a database for each project. */
import { createStore, del, set, values } from 'idb-keyval'
import type { Operation, OutboxStore } from './outbox'

export function outboxStore(project: string): OutboxStore {
  const store = createStore(`nomina-outbox:${project}`, 'operations')
  return {
    // Two tabs of one project may both send what waits: the core does each request once.
    read: async () => (await values<Operation>(store)).sort((a, b) => a.at - b.at),
    // A reactive proxy can't be cloned into a database.
    add: (operation) => set(operation.request, JSON.parse(JSON.stringify(operation)), store),
    remove: (operation) => del(operation.request, store)
  }
}
