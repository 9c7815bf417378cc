import type * as v from 'valibot'
import type { endpoints, EndpointName, Output } from '../../shared/contract'
import type { Context } from '../context'

export type Parsed<N extends EndpointName> = v.InferOutput<(typeof endpoints)[N]['input']>
/** A function for each of these endpoints: exhaustive at compile time. */
export type HandlersOf<N extends EndpointName> = {
  [E in N]: (context: Context, input: Parsed<E>) => Output<E> | Promise<Output<E>>
}
