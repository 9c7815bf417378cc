/** How an import looks at files, and whom it tells. */
import type { CountPages, IdentifyPages } from './inspect'
import type { PlanOptions } from './plan/plan'

export interface ImportHooks {
  /** Called after each transaction with the fields that it made or changed. */
  onFields?(ids: number[]): void
  /** Called after each transaction that added pages to be registered. */
  onPages?(): void
}

/** How files are looked at. */
export interface ImportOptions {
  /** Every image is a page. */
  asPages?: boolean
  countPages?: CountPages
  identify?: IdentifyPages
}

export const planOptions = ({ asPages = false, identify = () => Promise.resolve([]) }: ImportOptions): PlanOptions => ({
  asPages,
  identify
})
