/** What the grid's model reaches of the world around it. */
import type { EndpointName, Input, Output } from '../../../../shared/contract'
import type { Counts, FieldRow } from '../../../../shared/domain'
import type { Changed, Operation } from '../../lib/outbox'

export type Call = <N extends EndpointName>(name: N, input: Input<N>) => Promise<Output<N>>

export interface NamesHooks {
  call: Call
  counts(counts: Counts): void
  decided(): void
  /** Fields that are about to be seen: their pictures can be fetched. */
  near(rows: FieldRow[]): void
  refused(message: string): void
  undone(what: 'undo' | 'redo', changed: number): void
}

/** An act that waits its turn, to the core. */
export function send(call: Call, operation: Operation): Promise<Changed> {
  const { request } = operation
  if (operation.kind === 'decide') return call('review.decide', { ...operation.input, request })
  return call(operation.kind === 'undo' ? 'review.undo' : 'review.redo', { request })
}
