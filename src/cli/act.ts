/** What every command is made of: a body that gets a session and answers an outcome. */
import { InvalidArgumentError } from 'commander'
import type { Outcome, Session } from './session'

/** Wraps a command's body, so that it gets a session and its outcome is printed in one place. */
export type Act = <A extends unknown[]>(
  body: (session: Session, ...given: A) => Promise<Outcome>
) => (...given: A) => Promise<void>

export interface GlobalOptions {
  json?: true
  verbose?: true
  models?: string[]
}

/** Collects the values of an option that may be given several times. */
export const collect = (value: string, previous: string[] = []): string[] => {
  if (value === '') throw new InvalidArgumentError('It is empty.')
  return [...previous, value]
}

export function fromOne(given: string): number {
  if (/^[1-9]\d{0,6}$/.test(given)) return Number(given)
  throw new InvalidArgumentError('It must be a whole number from 1.')
}
