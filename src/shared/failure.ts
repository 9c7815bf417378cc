export { messageOf } from './text'

/** A failure that a person is told of as it is: what, where and what to do. Anything else is a fault of ours. */
export class NominaError extends Error {
  constructor(
    /** `invalid-input`, `no-project`, `not-found`, `exists`, `refused`, `busy`, … (see `Failure` in the contract) */
    readonly code: string,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options)
    this.name = 'NominaError'
  }
}
