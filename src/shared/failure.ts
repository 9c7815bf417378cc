import sentences from './sentences.json'

export { messageOf } from './text'

export type SentenceKey = keyof typeof sentences

/** A sentence by its key in `sentences.json`, and what stands in its places; every language makes it from the two alike. */
export interface Said {
  key: SentenceKey
  values: Readonly<Record<string, string | number>>
}

export const say = (key: SentenceKey, values: Said['values'] = {}): Said => ({ key, values })

/** In English: for logs, the command line, and whoever knows no other language. */
export const inEnglish = ({ key, values }: Said): string =>
  sentences[key].replace(/\{\{(\w+)\}\}/g, (place, name: string) => String(values[name] ?? place))

/** A failure that a person is told of as it is: what, where and what to do. Anything else is a fault of ours. */
export class NominaError extends Error {
  /** By which a window says it in its person's language; null: it is known in English only. */
  readonly said: Said | null

  constructor(
    /** `invalid-input`, `no-project`, `not-found`, `exists`, `refused`, `busy`, … (see `Failure` in the contract) */
    readonly code: string,
    message: string | Said,
    options?: ErrorOptions
  ) {
    super(typeof message === 'string' ? message : inEnglish(message), options)
    this.name = 'NominaError'
    this.said = typeof message === 'string' ? null : message
  }
}

/** A person cancelled it: that is no failure to tell them of. */
export const wasCancelled = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'cancelled'
