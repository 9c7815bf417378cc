import { createHash } from 'node:crypto'
import type { ExportOptions } from '../../shared/domain'
import { NominaError } from '../../shared/failure'
import type { ExportRow } from './rows'

export const parts = ['train', 'validation', 'test'] as const
export type Part = (typeof parts)[number]
export type Shares = NonNullable<ExportOptions['split']>

/** @throws NominaError('invalid-input') where the shares are no shares */
export function checkShares(shares: Shares): void {
  const values = parts.map((part) => shares[part])
  const total = values.reduce((sum, value) => sum + value, 0)
  if (values.some((value) => !(value >= 0)) || Math.abs(total - 100) > 1e-6) {
    throw new NominaError('invalid-input', `The shares of a split add up to 100 %, not to ${total} %.`)
  }
}

/**
 * The part a file falls in: decided by its content alone, so identical files are always together, and a file stays where
 * it was when others are added.
 */
export function partOf(
  { sha256, path, page, quad }: Pick<ExportRow, 'sha256' | 'path' | 'page' | 'quad'>,
  shares: Shares
): Part {
  // The pages of one file are different writers' more often than not; the fields of one page are one writer's.
  const own = quad === null ? sha256 : null
  const hash =
    own ??
    createHash('sha256')
      .update(quad === null ? path : `${sha256 ?? path} ${page}`)
      .digest('hex')
  const place = (Number.parseInt(hash.slice(0, 8), 16) / 2 ** 32) * 100
  if (place < shares.train) return 'train'
  return place < shares.train + shares.validation || shares.test === 0 ? 'validation' : 'test'
}
