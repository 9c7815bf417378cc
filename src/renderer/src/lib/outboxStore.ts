import type { Operation, OutboxStore } from './outbox'

/** What is not stored yet outlives a reload of the page. */
export const outboxStore = (key: string): OutboxStore => ({
  read() {
    try {
      return JSON.parse(sessionStorage.getItem(key) ?? '[]') as Operation[]
    } catch {
      return []
    }
  },
  write(operations) {
    try {
      if (operations.length > 0) sessionStorage.setItem(key, JSON.stringify(operations))
      else sessionStorage.removeItem(key)
    } catch {
      // Without storage they are kept as long as the page.
    }
  }
})
